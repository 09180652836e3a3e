package dev.tapline.sink.parquet.column;

import dev.tapline.sink.parquet.schema.FieldType;
import dev.tapline.sink.parquet.schema.ParquetSchemas;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;

/// A chunk that is encoded by parquet-java's column writer.
final class ColumnWriterChunk implements ColumnChunk {
  private final ColumnWriteStore store;
  private final ColumnWriter writer;
  private final boolean intDecimal;
  private final int present;
  private final Nesting nesting = new Nesting();

  ColumnWriterChunk(ColumnWriteStore store, ColumnWriter writer, FieldType fieldType) {
    this.store = store;
    this.writer = writer;
    this.intDecimal = fieldType.precision() <= ParquetSchemas.INT_DIGITS;
    this.present = Nesting.present(fieldType.dimensions());
  }

  @Override
  public void absent() {
    writer.writeNull(nesting.repetition(), nesting.absent());
  }

  @Override
  public void bool(boolean value) {
    writer.write(value, nesting.repetition(), present);
  }

  @Override
  public void int32(int value) {
    writer.write(value, nesting.repetition(), present);
  }

  @Override
  public void int64(long value) {
    writer.write(value, nesting.repetition(), present);
  }

  @Override
  public void float32(float value) {
    writer.write(value, nesting.repetition(), present);
  }

  @Override
  public void float64(double value) {
    writer.write(value, nesting.repetition(), present);
  }

  @Override
  public void bytes(byte[] data, int offset, int length) {
    writer.write(Binary.fromReusedByteArray(data, offset, length), nesting.repetition(), present);
  }

  @Override
  public void uuid(byte[] data, int offset) {
    bytes(data, offset, 16);
  }

  @Override
  public void decimal(long unscaled) {
    if (intDecimal) {
      writer.write((int) unscaled, nesting.repetition(), present);
    } else {
      writer.write(unscaled, nesting.repetition(), present);
    }
  }

  @Override
  public void decimal(byte[] unscaled) {
    bytes(unscaled, 0, unscaled.length);
  }

  @Override
  public void emptyList() {
    writer.writeNull(0, Nesting.EMPTY);
  }

  @Override
  public void beginList(int[] of) {
    nesting.begin(of);
  }

  @Override
  public void element(int index) {
    nesting.element(index);
  }

  @Override
  public void endList() {
    nesting.end();
  }

  @Override
  public void endRow() {
    store.endRecord();
  }

  @Override
  public long bufferedBytes() {
    return store.getBufferedSize();
  }

  @Override
  public long heldBytes() {
    return store.getAllocatedSize();
  }

  @Override
  public void finish() {
    store.flush();
  }

  @Override
  public void close() {
    store.close();
  }
}
