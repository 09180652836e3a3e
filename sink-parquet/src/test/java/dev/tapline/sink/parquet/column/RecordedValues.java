package dev.tapline.sink.parquet.column;

import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.statistics.SizeStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;

/// A column writer that only computes a page's statistics, value by value as parquet-java does.
final class RecordedValues implements ColumnWriter, ColumnWriteStore {
  private final Statistics<?> statistics;
  private final SizeStatistics.Builder sizes;
  private int entries;

  RecordedValues(ColumnDescriptor column) {
    this.statistics = Statistics.createStats(column.getPrimitiveType());
    this.sizes =
        SizeStatistics.newBuilder(
            column.getPrimitiveType(),
            column.getMaxRepetitionLevel(),
            column.getMaxDefinitionLevel());
  }

  Statistics<?> statistics() {
    return statistics;
  }

  SizeStatistics sizes() {
    return sizes.build();
  }

  int entries() {
    return entries;
  }

  @Override
  public void write(int value, int repetition, int definition) {
    statistics.updateStats(value);
    add(repetition, definition);
  }

  @Override
  public void write(long value, int repetition, int definition) {
    statistics.updateStats(value);
    add(repetition, definition);
  }

  @Override
  public void write(boolean value, int repetition, int definition) {
    statistics.updateStats(value);
    add(repetition, definition);
  }

  @Override
  public void write(Binary value, int repetition, int definition) {
    statistics.updateStats(value);
    sizes.add(repetition, definition, value);
    entries++;
  }

  @Override
  public void write(float value, int repetition, int definition) {
    statistics.updateStats(value);
    add(repetition, definition);
  }

  @Override
  public void write(double value, int repetition, int definition) {
    statistics.updateStats(value);
    add(repetition, definition);
  }

  @Override
  public void writeNull(int repetition, int definition) {
    statistics.incrementNumNulls();
    add(repetition, definition);
  }

  private void add(int repetition, int definition) {
    sizes.add(repetition, definition);
    entries++;
  }

  @Override
  public void close() {}

  @Override
  public long getBufferedSizeInMemory() {
    return 0;
  }

  @Override
  public ColumnWriter getColumnWriter(ColumnDescriptor path) {
    return this;
  }

  @Override
  public void flush() {}

  @Override
  public void endRecord() {}

  @Override
  public long getAllocatedSize() {
    return 0;
  }

  @Override
  public long getBufferedSize() {
    return 0;
  }

  @Override
  public String memUsageString() {
    return "";
  }
}
