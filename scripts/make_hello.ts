/**
 * Makes the program of the built-in `hello` image, a static ELF executable of a screenful for each machine, and writes it
 * to `lib/image/_hello_program.ts`. Run it again after a change here: `deno run -A scripts/make_hello.ts`.
 *
 *     file  0  ELF header     64 bytes
 *          64  program header 56 bytes, one: the whole file, loaded readable and executable
 *         120  code           write(1, text, length), exit(whether less was written)
 *              text
 */
import { writeFileSync } from "node:fs";

/** What the container prints. */
const greeting = String.raw`
                 __...-------...__
            _.-''                 ''-._
          .'                           ''-._               _
         /     o                            '-._       _.-' /
        |                                       '-._.-'   .'
        |   .                                            (
         \   '-..__.          __                __.-'-.   '.
          '-.               .'  '.       __.--''       '-._ \
             ''--..___     /     / __.-''                  '-'
                      '''-(    .'''
                           '--'
      ~~   ~~~~   ~~   ~~~~   ~~~   ~~   ~~~~   ~~   ~~~~   ~~

  Hello from Beluga!

  A container has just printed this. Its image came with the program, a
  container runtime started it, and no daemon and no network were needed.

  What to try next:

    beluga run -it --rm docker.io/library/alpine sh    a shell in Alpine
    beluga images                                      what is stored here
    beluga ps -a                                       every container
    beluga doctor                                      a look at this host

`;

export type Machine = "amd64" | "arm64";

const headersLength = 64 + 56;
const baseAddress = 0x40_0000n;
/** e_machine of the ELF specification. */
const machineCodes: Readonly<Record<Machine, number>> = { amd64: 62, arm64: 183 };

/** `write(1, text, length); exit(written != length)`; the text starts right behind the code. */
function amd64Code(length: number): Uint8Array {
  const number = [length & 255, length >> 8, 0, 0];
  const before = [
    ...[0xb8, 1, 0, 0, 0], // mov eax, 1         the call write
    ...[0x89, 0xc7], // mov edi, eax       standard output
    ...[0x48, 0x8d, 0x35], // lea rsi, [rip + …] the text
  ];
  const after = [
    ...[0xba, ...number], // mov edx, length
    ...[0x0f, 0x05], // syscall
    ...[0x31, 0xff], // xor edi, edi
    ...[0x3d, ...number], // cmp eax, length
    ...[0x40, 0x0f, 0x95, 0xc7], // setne dil
    ...[0xb8, 60, 0, 0, 0], // mov eax, 60        the call exit
    ...[0x0f, 0x05], // syscall
  ];
  return new Uint8Array([...before, after.length, 0, 0, 0, ...after]);
}

/** The same for arm64, whose instructions are words of four bytes. */
function arm64Code(length: number): Uint8Array {
  const words = (distance: number) => [
    0xd280_0020, // mov x0, #1       standard output
    0x1000_0001 | ((distance >> 2) << 5), // adr x1, text
    0xd280_0002 | (length << 5), // mov x2, #length
    0xd280_0808, // mov x8, #64      the call write
    0xd400_0001, // svc #0
    0xeb02_001f, // cmp x0, x2
    0x9a9f_07e0, // cset x0, ne
    0xd280_0ba8, // mov x8, #93      the call exit
    0xd400_0001, // svc #0
  ];
  const distance = (words(0).length - 1) * 4; // from the second instruction to the end of the code
  const code = new DataView(new ArrayBuffer(words(0).length * 4));
  words(distance).forEach((word, index) => code.setUint32(index * 4, word, true));
  return new Uint8Array(code.buffer);
}

const codes: Readonly<Record<Machine, (length: number) => Uint8Array>> = { amd64: amd64Code, arm64: arm64Code };

/** The ELF header and the one program header of a file of `size` bytes. */
function headers(machine: Machine, size: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(headersLength));
  const entry = baseAddress + BigInt(headersLength);
  view.setUint32(0, 0x7f45_4c46); // "\x7fELF"
  view.setUint32(4, 0x0201_0100); // 64 bits, little endian, version 1
  view.setUint16(16, 2, true); // e_type: executable
  view.setUint16(18, machineCodes[machine], true);
  view.setUint32(20, 1, true); // e_version
  view.setBigUint64(24, entry, true);
  view.setBigUint64(32, 64n, true); // e_phoff
  view.setUint16(52, 64, true); // e_ehsize
  view.setUint16(54, 56, true); // e_phentsize
  view.setUint16(56, 1, true); // e_phnum
  view.setUint32(64, 1, true); // p_type: load
  view.setUint32(68, 5, true); // p_flags: read, execute
  view.setBigUint64(80, baseAddress, true); // p_vaddr
  view.setBigUint64(88, baseAddress, true); // p_paddr
  view.setBigUint64(96, BigInt(size), true); // p_filesz
  view.setBigUint64(104, BigInt(size), true); // p_memsz
  view.setBigUint64(112, 0x1_0000n, true); // p_align: the largest page of an arm64 kernel
  return new Uint8Array(view.buffer);
}

/** The executable for `machine`. */
export function makeHello(machine: Machine): Uint8Array {
  const text = new TextEncoder().encode(greeting.slice(1));
  const code = codes[machine](text.length);
  return new Uint8Array([...headers(machine, headersLength + code.length + text.length), ...code, ...text]);
}

/** The module with both executables. */
export function makeModule(): string {
  const row = (machine: Machine) => `  ${machine}:\n    "${makeHello(machine).toBase64()}",\n`;
  return `// Made by scripts/make_hello.ts.

/** The executables of the built-in image in base64, by architecture. */
export const helloPrograms = {
${row("amd64")}${row("arm64")}} as const;
`;
}

if (import.meta.main) {
  writeFileSync(new URL("../lib/image/_hello_program.ts", import.meta.url), makeModule());
}
