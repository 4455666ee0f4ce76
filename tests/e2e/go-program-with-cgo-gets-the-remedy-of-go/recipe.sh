# A C program that carries what Go's linker writes (debug/buildinfo), as a cgo program has it; beside
# it the same as a static one, which runs anywhere.
mkdir -p root/app
python3 - <<'X' > server.c
lines = "path\tgithub.com/acme/shop/server\nmod\tgithub.com/acme/shop\tv1.4.0\th1:x=\nbuild\tCGO_ENABLED=1\n"
info = "S" * 16 + lines + "S" * 16
varint = lambda n: bytes([n & 127 | 128, n >> 7]) if n > 127 else bytes([n])
data = b"\xff Go buildinf:\x08\x02" + b"\0" * 16 + varint(8) + b"go1.22.1" + varint(len(info)) + info.encode()
print('__asm__(".section .note.go.buildid,\\"a\\",@note\\n.long 4,4,4\\n.asciz \\"Go\\\\0\\"\\n.long 1\\n.text\\n");')
print("__attribute__((used, aligned(16))) char buildinfo[] = {%s};" % ",".join(map(str, (b - 256 if b > 127 else b for b in data))))
print("int main(void) { return 0; }")
X
gcc -o root/app/server server.c
gcc -static -o root/app/static server.c
