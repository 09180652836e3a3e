package dev.tapline.sink.parquet.column;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.statistics.SizeStatistics;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.apache.parquet.schema.PrimitiveType;

/// The levels of lists, in the RLE/bit-packing hybrid.
final class ListLevels implements Levels {
  private static final int SLAB = 1_024;

  private final RunLengthBitPackingHybridEncoder repetitions;
  private final RunLengthBitPackingHybridEncoder definitions;
  private final long[] repetitionCounts;
  private final long[] definitionCounts;
  private final int present;
  private final Nesting nesting = new Nesting();
  private int entries;
  private int absentEntries;

  ListLevels(ColumnDescriptor column, ParquetProperties properties) {
    this.repetitions = encoder(column.getMaxRepetitionLevel(), properties);
    this.definitions = encoder(column.getMaxDefinitionLevel(), properties);
    this.repetitionCounts = new long[column.getMaxRepetitionLevel() + 1];
    this.definitionCounts = new long[column.getMaxDefinitionLevel() + 1];
    this.present = column.getMaxDefinitionLevel();
  }

  /// Adds an entry with a value.
  void present() throws IOException {
    add(nesting.repetition(), present);
  }

  @Override
  public void absent(int row) throws IOException {
    add(nesting.repetition(), nesting.absent());
    absentEntries++;
  }

  void emptyList() throws IOException {
    add(0, Nesting.EMPTY);
    absentEntries++;
  }

  /// The levels of the next entry.
  Nesting nesting() {
    return nesting;
  }

  /// The number of entries so far.
  int entries() {
    return entries;
  }

  @Override
  public int absentEntries() {
    return absentEntries;
  }

  @Override
  public int entries(int rows) {
    return entries;
  }

  @Override
  public BytesInput encode(int rows) throws IOException {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream(SLAB);
    append(repetitions, encoded);
    append(definitions, encoded);
    return BytesInput.from(encoded);
  }

  @Override
  public Encoding repetitionEncoding() {
    return Encoding.RLE;
  }

  @Override
  public SizeStatistics sizes(PrimitiveType type, long unencodedBytes) {
    return new SizeStatistics(type, unencodedBytes, list(repetitionCounts), list(definitionCounts));
  }

  @Override
  public long heldBytes() {
    return repetitions.getAllocatedSize() + definitions.getAllocatedSize();
  }

  @Override
  public void clear() {
    repetitions.reset();
    definitions.reset();
    Arrays.fill(repetitionCounts, 0);
    Arrays.fill(definitionCounts, 0);
    entries = 0;
    absentEntries = 0;
  }

  private void add(int repetitionLevel, int definitionLevel) throws IOException {
    repetitions.writeInt(repetitionLevel);
    definitions.writeInt(definitionLevel);
    repetitionCounts[repetitionLevel]++;
    definitionCounts[definitionLevel]++;
    entries++;
  }

  private static void append(RunLengthBitPackingHybridEncoder levels, ByteArrayOutputStream to)
      throws IOException {
    BytesInput bytes = levels.toBytes();
    BytesUtils.writeIntLittleEndian(to, Math.toIntExact(bytes.size()));
    bytes.writeAllTo(to);
  }

  // A mutable list: parquet-java adds up the histograms of pages in it.
  private static List<Long> list(long[] counts) {
    List<Long> list = new ArrayList<>();
    for (long count : counts) {
      list.add(count);
    }
    return list;
  }

  private static RunLengthBitPackingHybridEncoder encoder(int most, ParquetProperties properties) {
    return new RunLengthBitPackingHybridEncoder(
        BytesUtils.getWidthFromMaxInt(most),
        SLAB,
        Math.max(SLAB, properties.getPageSizeThreshold()),
        properties.getAllocator());
  }
}
