'use strict';
// Preloaded into node: every way that loaders of native code have of detecting the C library says
// musl, and nothing is really loaded. Appends one JSON line per event to the file CHOICE_EVENTS:
// {"kind": "dlopen", "value": PATH} and, at the end of a run that failed, {"kind": "error",
// "value": [MESSAGE, MESSAGE OF ITS CAUSE, ...]}. Paths in CHOICE_FAILING (one per line) fail to
// load as they would on musl; every other one gives an object that answers anything.

const childProcess = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const LOADER = '/lib/ld-musl-x86_64.so.1';
const LDD = `musl libc (x86_64)\nVersion 1.2.5\nDynamic Program Loader\nUsage: ${LOADER} [options] [--] pathname`;
const OS_RELEASE = 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.22.0\n';
const FILES = new Map([['/usr/bin/ldd', LDD], ['/bin/ldd', LDD], ['/etc/alpine-release', '3.22.0\n'],
                       ['/etc/os-release', OS_RELEASE], ['/usr/lib/os-release', OS_RELEASE]]);

const append = fs.appendFileSync.bind(fs);
const record = (kind, value) =>
  append(process.env.CHOICE_EVENTS, JSON.stringify({kind, value}) + '\n');

// What reads the interpreter of the running program gets a program with musl's.
function writeProgram() {
  const elf = Buffer.alloc(2048);
  Buffer.from('7f454c460201', 'hex').copy(elf);
  elf.writeUInt16LE(3, 16);                                  // ET_DYN
  elf.writeUInt16LE(62, 18);                                 // EM_X86_64
  elf.writeBigUInt64LE(64n, 32);                             // e_phoff
  elf.writeUInt16LE(56, 54);                                 // e_phentsize
  elf.writeUInt16LE(1, 56);                                  // e_phnum
  elf.writeUInt32LE(3, 64);                                  // PT_INTERP
  elf.writeBigUInt64LE(256n, 72);                            // p_offset
  elf.writeBigUInt64LE(BigInt(LOADER.length + 1), 96);       // p_filesz
  elf.write(LOADER, 256);
  const file = path.join(os.tmpdir(), `musl-program-${process.pid}`);
  fs.writeFileSync(file, elf);
  process.on('exit', () => fs.rmSync(file, {force: true}));
  return file;
}
const program = writeProgram();
const isProgram = file => file === '/proc/self/exe' || file === process.execPath;

function replace(object, name, make) {
  object[name] = make(object[name].bind(object));
}
replace(fs, 'readFileSync', real => (file, options) => {
  if (!FILES.has(file)) return real(isProgram(file) ? program : file, options);
  return options ? FILES.get(file) : Buffer.from(FILES.get(file));
});
replace(fs, 'openSync', real => (file, ...more) => real(isProgram(file) ? program : file, ...more));
replace(fs, 'existsSync', real => file => FILES.has(file) || file === LOADER || real(file));
replace(fs, 'statSync', real => (file, options) => real(FILES.has(file) ? '/dev/null' : file, options));
process.report.getReport = () =>
  ({header: {}, sharedObjects: ['/usr/local/bin/node', LOADER, 'linux-vdso.so.1']});

const answer = command => /ldd|getconf/.test(command) ? LDD : '';
childProcess.execSync = (command, options) =>
  options && options.encoding ? answer(command) : Buffer.from(answer(command));
childProcess.execFileSync = (file, args) => answer(`${file} ${args}`);
childProcess.exec = childProcess.execFile = (command, ...more) =>
  more.pop()(null, answer(command), '');
childProcess.spawnSync = (file, args) => {
  if (fs.existsSync(file)) record('dlopen', fs.realpathSync(file));
  const text = answer(`${file} ${args}`);
  return {status: text ? 0 : 1, signal: null, pid: 1, stdout: text, stderr: '',
          output: [null, text, '']};
};

const failing = new Set((process.env.CHOICE_FAILING || '').split('\n'));
const anything = () => new Proxy(function() {}, {
  get: (target, key) => key === Symbol.toPrimitive ? () => 0 :
      key === 'then' || key === Symbol.iterator ? undefined :
      key === 'prototype' ? target.prototype : anything(),
  apply: () => anything(),
  construct: () => anything(),
});
process.dlopen = (module, file) => {
  const real = fs.realpathSync(file);
  record('dlopen', real);
  if (!failing.has(real)) {
    module.exports = anything();
    return;
  }
  const error = new Error('Error loading shared library ld-linux-x86-64.so.2: No such file or ' +
                          `directory (needed by ${file})`);
  error.code = 'ERR_DLOPEN_FAILED';
  throw error;
};

process.on('uncaughtException', error => {
  const messages = [];
  for (let at = error; at && messages.length < 16; at = at.cause)
    messages.push(String(at.message || at));
  record('error', messages);
  process.exit(1);
});
