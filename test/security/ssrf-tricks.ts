/** Addresses that no webhook may reach, in ways that web addresses have been written to hide them. */

const hidden = [
  "127.0.0.1",
  "127.1.2.3",
  "10.0.0.1",
  "172.16.0.1",
  "172.31.255.254",
  "192.168.1.1",
  "169.254.169.254",
  "100.64.0.1",
  "100.100.100.200",
  "168.63.129.16",
  "0.0.0.0",
  "255.255.255.255",
]

/** Those that are nobody's in particular and may be dialled: whoever connects to them proves that the canaries would have noticed. */
export const publicAddresses = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]

const partsOf = (ip: string): [number, number, number, number] => ip.split(".").map(Number) as never
const numberOf = (ip: string): number => partsOf(ip).reduce((sum, part) => sum * 256 + part, 0)
const hex = (value: number, digits = 1): string => value.toString(16).padStart(digits, "0")
const octal = (value: number): string => `0${value.toString(8)}`
const fromDigits = (ip: string, first: number): string =>
  ip.replace(/\d/g, (digit) => String.fromCodePoint(first + Number(digit)))

function writtenOtherwise(ip: string): string[] {
  const [a, b, c, d] = partsOf(ip)
  const all = numberOf(ip)
  return [
    ip,
    `${ip}.`,
    String(all),
    `0x${hex(all)}`,
    `0X${hex(all).toUpperCase()}`,
    octal(all),
    `${a}.${b}.${c * 256 + d}`,
    `${a}.${b * 65_536 + c * 256 + d}`,
    [a, b, c, d].map((part) => `0x${hex(part)}`).join("."),
    [a, b, c, d].map(octal).join("."),
    [a, b, c, d].map((part) => `000${octal(part)}`).join("."),
    `0x${hex(a)}.${octal(b)}.${c}.${d}`,
    `${a}.0x${hex(b)}.${c * 256 + d}`,
    fromDigits(ip, 0xff10),
    fromDigits(ip, 0x1d7ce),
    ip.replaceAll(".", "。"),
    ip.replaceAll(".", "．"),
    ip.replaceAll(".", "%2e"),
    ip.replace(/\d/, (digit) => `%3${digit}`),
    `${ip}:0080`,
    `${ip}:443`,
    `someone@${ip}`,
    `partner.example.test@${ip}`,
    `partner.example.test:80@${ip}`,
    `partner.example.test%40${ip}`,
    `${ip}#@partner.example.test`,
    `${ip}?@partner.example.test`,
    `${ip}\\@partner.example.test`,
    `\t${ip}`,
    `${ip.slice(0, 2)}\n${ip.slice(2)}`,
  ]
}

function embedded(ip: string): string[] {
  const [a, b, c, d] = partsOf(ip)
  const words = `${hex(a * 256 + b)}:${hex(c * 256 + d)}`
  const inverted = `${hex(0xffff ^ (a * 256 + b))}:${hex(0xffff ^ (c * 256 + d))}`
  return [
    `::ffff:${ip}`,
    `::ffff:${words}`,
    `0:0:0:0:0:ffff:${words}`,
    `::${ip}`,
    `::ffff:0:${ip}`,
    `64:ff9b::${ip}`,
    `64:ff9b::${words}`,
    `64:ff9b:1::${words}`,
    `2002:${words}::1`,
    `2001:0:4136:e378:8000:63bf:${inverted}`,
    `fe80::5efe:${ip}`,
    `fe80::200:5efe:${words}`,
  ].map((address) => `[${address}]`)
}

const sixes = [
  "::1",
  "::",
  "0:0:0:0:0:0:0:1",
  "0000:0000:0000:0000:0000:0000:0000:0001",
  "::0001",
  "fc00::1",
  "FC00::1",
  "fd00:ec2::254",
  "fdff:ffff::1",
  "fe80::1",
  "fe80::1%25lo",
  "fe80::1%lo",
  "febf::1",
  "fec0::1",
  "ff02::1",
  "ff05::2",
  "100::1",
  "2001:db8::1",
  "2001:10::1",
  "3fff::1",
  "5f00::1",
].map((address) => `[${address}]`)

/** What the name server says of names, first and later: one that changes its mind rebinds. */
export const names: Record<string, string[][]> = {
  ...Object.fromEntries(hidden.map((ip) => [`at-${ip.replaceAll(".", "-")}.test`, [[ip]]])),
  ...Object.fromEntries(hidden.map((ip) => [`mapped-${ip.replaceAll(".", "-")}.test`, [[`::ffff:${ip}`]]])),
  ...Object.fromEntries(
    hidden.map((ip) => [`mixed-${ip.replaceAll(".", "-")}.test`, [[ip, publicAddresses[0] as string]]]),
  ),
  ...Object.fromEntries(
    hidden.map((ip) => [`rebinds-${ip.replaceAll(".", "-")}.test`, [[publicAddresses[0] as string], [ip]]]),
  ),
  "six-loopback.test": [["::1"]],
  "six-unique.test": [["fd12::1"]],
  "six-link.test": [["fe80::1"]],
  "six-mixed.test": [["fe80::1", publicAddresses[1] as string]],
}

const localNames = [
  "localhost",
  "LOCALHOST",
  "localhost.",
  "localhost.localdomain",
  "ip6-localhost",
  "sub.localhost",
  "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
  "loc%61lhost",
  "metadata.google.internal",
]

const otherSchemes = [
  "file:///etc/passwd",
  "file://127.0.0.1/etc/passwd",
  "ftp://127.0.0.1/",
  "gopher://127.0.0.1:80/_GET%20/",
  "dict://127.0.0.1:80/stat",
  "ldap://127.0.0.1:80/",
  "tftp://127.0.0.1/x",
  "jar:http://127.0.0.1!/",
  "ws://127.0.0.1/",
  "wss://127.0.0.1/",
  "unix:///var/run/docker.sock",
  "http+unix://%2Fvar%2Frun%2Fdocker.sock/info",
  "data:text/plain,hello",
  "javascript:alert(1)",
  "blob:http://127.0.0.1/x",
  "about:blank",
  "//127.0.0.1/",
  "127.0.0.1",
  "http:127.0.0.1",
  "http:/127.0.0.1",
  "http:///127.0.0.1",
  "http:\\\\127.0.0.1\\",
  "http:@127.0.0.1",
  "hTTp://127.0.0.1/",
  " http://127.0.0.1/ ",
  "http://[::1",
  "http://127.0.0.1:99999/",
  "http://127.0.0.1:0/",
  "http://",
  "",
]

/** Every trick, as the address of a webhook. */
export const tricks: string[] = [
  ...[...hidden.flatMap(writtenOtherwise), ...hidden.flatMap(embedded), ...sixes].flatMap((host) => [
    `http://${host}/`,
    ...(host.includes("%") || host.includes("@") ? [] : [`https://${host}/`]),
  ]),
  // Asked twice: the second answer is the one that a check before the first connection would not have seen.
  ...Object.keys(names).flatMap((name) => [
    `http://${name}/`,
    `http://${name}/again`,
    `https://${name.toUpperCase()}./`,
  ]),
  ...localNames.flatMap((name) => [`http://${name}/`, `https://${name}/`]),
  ...otherSchemes,
]
