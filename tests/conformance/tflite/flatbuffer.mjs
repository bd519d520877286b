// Just enough of FlatBuffers to look into a TFLite file and to change numbers in place.

export class Table {
  constructor(bytes, position) {
    Object.assign(this, { bytes, position });
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.vtable = position - this.view.getInt32(position, true);
  }
  static root(bytes) {
    return new Table(bytes, new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true));
  }
  slot(field) {
    const size = this.view.getUint16(this.vtable, true);
    const at = 4 + 2 * field < size ? this.view.getUint16(this.vtable + 4 + 2 * field, true) : 0;
    return at && this.position + at;
  }
  uint32(field) {
    const at = this.slot(field);
    return at ? this.view.getUint32(at, true) : 0;
  }
  // Where a vector's count lies; its elements follow.
  vector(field) {
    const at = this.slot(field);
    return at ? at + this.view.getUint32(at, true) : 0;
  }
  length(field) {
    const at = this.vector(field);
    return at ? this.view.getUint32(at, true) : 0;
  }
  integers(field) {
    const at = this.vector(field) + 4;
    return Array.from({ length: this.length(field) }, (_, i) =>
      this.view.getInt32(at + 4 * i, true));
  }
  tables(field) {
    const at = this.vector(field) + 4;
    return Array.from({ length: this.length(field) }, (_, i) =>
      new Table(this.bytes, at + 4 * i + this.view.getUint32(at + 4 * i, true)));
  }
  text(field) {
    const at = this.vector(field);
    return at ? Buffer.from(this.bytes.buffer, this.bytes.byteOffset + at + 4, this.length(field))
      .toString() : '';
  }
}
