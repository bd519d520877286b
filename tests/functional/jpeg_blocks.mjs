// How bright each 8 x 8 block of a baseline JPEG is: the DC coefficients of its luma (ITU-T T.81).
// Enough to see what a picture shows, in a few lines and without a library.
const ZERO = 128;

function readTables(bytes) {
  const out = { quant: {}, huffman: {} };
  for (let at = 2; at < bytes.length; ) {
    const marker = bytes[at + 1];
    const length = (bytes[at + 2] << 8) | bytes[at + 3];
    const body = bytes.subarray(at + 4, at + 2 + length);
    if (marker === 0xdb) {
      for (let i = 0; i < body.length; i += 65) out.quant[body[i] & 15] = body[i + 1];
    } else if (marker === 0xc0) {
      out.height = (body[1] << 8) | body[2];
      out.width = (body[3] << 8) | body[4];
      out.components = [];
      for (let i = 0; i < body[5]; ++i) {
        const c = body.subarray(6 + 3 * i, 9 + 3 * i);
        out.components.push({ id: c[0], h: c[1] >> 4, v: c[1] & 15, quant: c[2] });
      }
    } else if (marker === 0xc4) {
      for (let i = 0; i < body.length; ) i += addHuffman(out.huffman, body, i);
    } else if (marker === 0xdd) {
      throw new Error('restart intervals are not read');
    } else if (marker === 0xda) {
      for (let i = 0; i < body[0]; ++i) {
        const component = out.components.find((c) => c.id === body[1 + 2 * i]);
        component.dc = body[2 + 2 * i] >> 4;
        component.ac = body[2 + 2 * i] & 15;
      }
      out.scan = bytes.subarray(at + 2 + length);
      return out;
    }
    at += 2 + length;
  }
  throw new Error('the JPEG has no scan');
}

function addHuffman(tables, body, from) {
  const codes = new Map();
  let code = 0;
  let symbol = from + 17;
  for (let bits = 1; bits <= 16; ++bits, code <<= 1) {
    for (let n = 0; n < body[from + bits]; ++n) codes.set((bits << 16) | code++, body[symbol++]);
  }
  tables[body[from]] = codes;
  return symbol - from;
}

class Bits {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
    this.bit = 0;
  }
  next() {
    const value = (this.bytes[this.at] >> (7 - this.bit)) & 1;
    if (++this.bit === 8) {
      this.at += this.bytes[this.at] === 0xff ? 2 : 1; // a stuffed zero follows
      this.bit = 0;
    }
    return value;
  }
  take(count) {
    let out = 0;
    for (let i = 0; i < count; ++i) out = (out << 1) | this.next();
    return out;
  }
  symbol(codes) {
    for (let bits = 1, code = 0; bits <= 16; ++bits) {
      code = (code << 1) | this.next();
      const found = codes.get((bits << 16) | code);
      if (found !== undefined) return found;
    }
    throw new Error('the JPEG is damaged');
  }
}

function difference(bits, size) {
  if (size === 0) return 0;
  const value = bits.take(size);
  return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
}

// {width, height, columns, rows, levels}: levels[row * columns + column] is 0..255.
export function jpegBlocks(bytes) {
  const jpeg = readTables(bytes);
  const luma = jpeg.components[0];
  const across = Math.ceil(jpeg.width / (8 * luma.h));
  const down = Math.ceil(jpeg.height / (8 * luma.v));
  const columns = across * luma.h;
  const levels = new Float32Array(columns * down * luma.v);
  const bits = new Bits(jpeg.scan);
  const dc = jpeg.components.map(() => 0);
  for (let mcu = 0; mcu < across * down; ++mcu) {
    jpeg.components.forEach((component, c) => {
      for (let block = 0; block < component.h * component.v; ++block) {
        dc[c] += difference(bits, bits.symbol(jpeg.huffman[component.dc]));
        for (let k = 1; k < 64; ++k) {
          const symbol = bits.symbol(jpeg.huffman[0x10 | component.ac]);
          if (symbol === 0) break;
          k += symbol >> 4;
          bits.take(symbol & 15);
        }
        if (c > 0) continue;
        const x = (mcu % across) * luma.h + (block % luma.h);
        const y = Math.floor(mcu / across) * luma.v + Math.floor(block / luma.h);
        levels[y * columns + x] = (dc[0] * jpeg.quant[luma.quant]) / 8 + ZERO;
      }
    });
  }
  return { width: jpeg.width, height: jpeg.height, columns, rows: down * luma.v, levels };
}
