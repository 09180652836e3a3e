package dev.tapline.sink.parquet.parquet;

import dev.tapline.sink.parquet.chunk.ColumnChunk;
import dev.tapline.sink.parquet.plan.Mapping;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;

/// A column chunk that parquet-java encodes, with the levels that Parquet tells NULL, the empty
/// list and the begin of lists by.
///
/// A field that is no list has definition level 1, or 0 when it is NULL. With `n` dimensions a
/// value has `2n+1`, an element that is NULL `2n`, an empty list 1; the repetition level is that of
/// the innermost dimension that goes on.
final class ColumnTarget implements ColumnChunk {
  private final ColumnWriteStore store;
  private final ColumnWriter writer;
  private final boolean intDecimal;
  private final int present;
  private int absent;
  private int repetition;
  private int[] lengths = {};

  ColumnTarget(ColumnWriteStore store, ColumnWriter writer, Mapping mapping) {
    this.store = store;
    this.writer = writer;
    this.intDecimal = mapping.precision() <= ParquetSchemas.INT_DIGITS;
    this.present = 2 * mapping.dimensions() + 1;
  }

  @Override
  public void absent() {
    writer.writeNull(repetition, absent);
  }

  @Override
  public void bool(boolean value) {
    writer.write(value, repetition, present);
  }

  @Override
  public void int32(int value) {
    writer.write(value, repetition, present);
  }

  @Override
  public void int64(long value) {
    writer.write(value, repetition, present);
  }

  @Override
  public void float32(float value) {
    writer.write(value, repetition, present);
  }

  @Override
  public void float64(double value) {
    writer.write(value, repetition, present);
  }

  @Override
  public void bytes(byte[] data, int offset, int length) {
    writer.write(Binary.fromReusedByteArray(data, offset, length), repetition, present);
  }

  @Override
  public void uuid(byte[] data, int offset) {
    bytes(data, offset, 16);
  }

  @Override
  public void decimal(long unscaled) {
    if (intDecimal) {
      writer.write((int) unscaled, repetition, present);
    } else {
      writer.write(unscaled, repetition, present);
    }
  }

  @Override
  public void decimal(byte[] unscaled) {
    bytes(unscaled, 0, unscaled.length);
  }

  @Override
  public void emptyList() {
    writer.writeNull(0, 1);
  }

  @Override
  public void beginList(int[] of) {
    lengths = of;
    absent = 2 * of.length;
  }

  @Override
  public void element(int index) {
    int continued = lengths.length;
    int size = 1;
    for (int i = lengths.length - 1; i > 0; i--) {
      size *= lengths[i];
      if (index % size == 0) {
        continued = i;
      }
    }
    repetition = index == 0 ? 0 : continued;
  }

  @Override
  public void endList() {
    absent = 0;
    repetition = 0;
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
