# A bundle of an official Ruby image: gems compiled when they were installed, gems with prebuilt
# code for gnu, for musl and for either; and Ruby's own gems.
home=app/usr/local/bundle
ruby=ruby/usr/local
mkdir -p $home/specifications $home/gems app/app $ruby/bin $ruby/lib/ruby/gems/3.3.0/specifications
echo 'void rb_define_module(const char *name) {}' > libruby.c
gcc -shared -fPIC -O1 -Wl,-soname,libruby.so.3.3 -o $ruby/lib/libruby.so.3.3 libruby.c
echo 'void rb_define_module(const char *); int main(void) { rb_define_module("A"); return 0; }' > main.c
gcc -O1 -o $ruby/bin/ruby main.c $ruby/lib/libruby.so.3.3

# extension FILE [STATEMENTS]: as a C compiler on glibc makes it; musl FILE: without glibc.
extension() {
  mkdir -p "$(dirname "$1")"
  echo "void rb_define_module(const char *); extern int __strcat_chk(); void Init_x(void) { rb_define_module(\"X\"); ${2:-} }" > x.c
  gcc -shared -fPIC -O1 -w -o "$1" x.c
}
musl() {
  mkdir -p "$(dirname "$1")"
  echo 'void rb_define_module(const char *); void Init_x(void) { rb_define_module("X"); }' > x.c
  gcc -shared -fPIC -O1 -nostdlib -o "$1" x.c
}
# spec HOME NAME VERSION PLATFORM [DEPENDENCY] [BUILD-SCRIPT]
spec() {
  local full="$2-$3"; [ "$4" = ruby ] || full="$full-$4"
  { echo "# -*- encoding: utf-8 -*-"; echo "# stub: $2 $3 $4 lib"
    [ -z "${6:-}" ] || echo "# stub: $6"
    echo; echo "Gem::Specification.new do |s|"
    [ -z "${5:-}" ] || echo "  s.add_runtime_dependency(%q<$5>.freeze, [\">= 0\"])"
    echo end; } > "$1/specifications/$full.gemspec"
}
# compiled NAME VERSION HOME PLATFORM: in both places where RubyGems puts it.
compiled() {
  local built="$3/extensions/$4/3.3.0/$1-$2"
  extension "$built/$1_ext.so"; touch "$built/gem.build_complete"
  extension "$3/gems/$1-$2/lib/$1_ext.so"
}

spec $home devise 4.9.4 ruby bcrypt
spec $home bcrypt 3.1.20 ruby '' ext/mri/extconf.rb
compiled bcrypt 3.1.20 $home x86_64-linux
# Seen on glibc alone.
spec $home nokogiri 1.18.2 x86_64-linux-gnu racc
extension $home/gems/nokogiri-1.18.2-x86_64-linux-gnu/lib/nokogiri/3.3/nokogiri.so
# Both are there.
spec $home sqlite3 2.5.0 x86_64-linux-gnu
extension $home/gems/sqlite3-2.5.0-x86_64-linux-gnu/lib/sqlite3/3.3/sqlite3_native.so
spec $home sqlite3 2.5.0 x86_64-linux-musl
musl $home/gems/sqlite3-2.5.0-x86_64-linux-musl/lib/sqlite3/3.3/sqlite3_native.so
# For either: one that loads and one that does not.
spec $home google-protobuf 4.28.3 x86_64-linux
musl $home/gems/google-protobuf-4.28.3-x86_64-linux/lib/google/3.3/protobuf_c.so
spec $home rubydex 0.2.3 x86_64-linux
extension $home/gems/rubydex-0.2.3-x86_64-linux/lib/rubydex/3.3/rubydex.so '__strcat_chk();'
# Ruby's own.
own=$ruby/lib/ruby/gems/3.3.0
spec $own racc 1.7.3 ruby '' ext/racc/cparse/extconf.rb
compiled racc 1.7.3 $own x86_64-linux

cat > app/app/Gemfile.lock <<'X'
GEM
  remote: https://rubygems.org/
  specs:
    bcrypt (3.1.20)

PLATFORMS
  x86_64-linux

DEPENDENCIES
  devise (~> 4.9)
  google-protobuf
  nokogiri
  rubydex
  sqlite3

BUNDLED WITH
   2.5.22
X
cat > config.json <<'X'
{"config": {"Env": ["PATH=/usr/local/bundle/bin:/usr/local/bin:/usr/bin:/bin", "RUBY_VERSION=3.3.6", "GEM_HOME=/usr/local/bundle"], "WorkingDir": "/app", "Cmd": ["ruby", "app.rb"]}}
X
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 config.json ruby app
