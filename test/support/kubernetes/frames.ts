/** What goes through a stand-in's exec: a channel, a length, and so many bytes; as Kubernetes' own remote commands have it. */
export const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, status: 3 } as const;

/** No bytes on stdin are its end. */
export function framed(channel: number, bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(channel, 0);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** Gives whole frames of what arrives in any pieces. */
export function unframer(onFrame: (channel: number, bytes: Buffer) => void): (piece: Buffer) => void {
  let held = Buffer.alloc(0);
  return (piece) => {
    held = Buffer.concat([held, piece]);
    while (held.length >= 5 && held.length >= 5 + held.readUInt32BE(1)) {
      const end = 5 + held.readUInt32BE(1);
      onFrame(held.readUInt8(0), held.subarray(5, end));
      held = held.subarray(end);
    }
  };
}
