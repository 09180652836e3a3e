package dev.tapline.sink.parquet.column;

import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.statistics.geospatial.GeospatialStatistics;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/// Encodes an optional column in data pages of version 1.
///
/// Values are appended to the open page in the PLAIN encoding. When the page is full, they are
/// looked up in the dictionary. The dictionary is given up if it does not make the first page
/// smaller, or if it would become larger than a page. These rules and the names of the encodings
/// are those of parquet-java, which has no dictionaries for values of fixed length in such pages.
abstract class PagedColumnChunk implements ColumnChunk {
  /// Allows reading eight bytes from the start of any value.
  private static final int SLACK = Long.BYTES;

  private static final int INITIAL_BYTES = 1 << 10;

  /// The old name of `RLE_DICTIONARY`, and of PLAIN for the dictionary itself: parquet-java writes
  /// it with pages of version 1, and every reader of these knows it.
  @SuppressWarnings("deprecation")
  private static final Encoding DICTIONARY = Encoding.PLAIN_DICTIONARY;

  final PrimitiveType type;
  final ParquetProperties properties;
  private final PageWriter pages;
  private final Levels levels;

  /// The same as `levels` if the column is a list, else `null`.
  private final @Nullable ListLevels lists;

  /// The dictionary, or `null` if the type has none.
  private final @Nullable Dictionary dictionary;

  private final int pageSize;

  /// The buffer size that suffices for most pages: a page ends after the row that fills it.
  private final int usualRoom;

  private final int pageRows;
  byte[] data = new byte[INITIAL_BYTES + SLACK];

  /// The dictionary indices of a page's values.
  int[] indices = {};

  int length;
  int values;
  private int rows;
  private int dictionaryPages;
  private boolean usesDictionary;

  PagedColumnChunk(
      ColumnDescriptor column,
      ParquetProperties properties,
      PageWriter pages,
      @Nullable Dictionary dictionary) {
    this.type = column.getPrimitiveType();
    this.properties = properties;
    this.pages = pages;
    this.pageSize = properties.getPageSizeThreshold();
    this.usualRoom = (int) Math.min(pageSize + pageSize / 4L + SLACK, Integer.MAX_VALUE - SLACK);
    this.pageRows = properties.getPageRowCountLimit();
    this.lists = column.getMaxRepetitionLevel() == 0 ? null : new ListLevels(column, properties);
    this.levels = lists == null ? new FlatLevels() : lists;
    this.dictionary = dictionary;
    this.usesDictionary = dictionary != null && properties.isDictionaryEnabled(column);
  }

  /// Starts a chunk, or returns `null` if the column needs what only parquet-java supports: pages
  /// of version 2, a Bloom filter, or required values.
  static @Nullable ColumnChunk of(
      ColumnDescriptor column, ParquetProperties properties, PageWriter pages) {
    if (properties.getWriterVersion() != WriterVersion.PARQUET_1_0
        || properties.isBloomFilterEnabled(column)
        || column.getMaxDefinitionLevel() != 2 * column.getMaxRepetitionLevel() + 1) {
      return null;
    }
    return switch (column.getPrimitiveType().getPrimitiveTypeName()) {
      case BOOLEAN -> new BooleanColumnChunk(column, properties, pages);
      case INT32, INT64, FLOAT, DOUBLE -> new NumericColumnChunk(column, properties, pages);
      case BINARY, FIXED_LEN_BYTE_ARRAY -> new BinaryColumnChunk(column, properties, pages);
      case INT96 -> null;
    };
  }

  @Override
  public final void absent() throws IOException {
    levels.absent(rows);
  }

  @Override
  public final void endRow() throws IOException {
    rows++;
    // NULL elements and booleans take next to no space, so entries count as well.
    if (rows >= pageRows || length >= pageSize || (lists != null && lists.entries() >= pageSize)) {
      endPage();
    }
  }

  @Override
  public final long bufferedBytes() {
    long bytes = pages.getMemSize() + length;
    return dictionary != null && (usesDictionary || dictionaryPages > 0)
        ? bytes + dictionary.plainBytes()
        : bytes;
  }

  @Override
  public final long heldBytes() {
    return pages.getMemSize()
        + data.length
        + levels.heldBytes()
        + (dictionary == null ? 0 : dictionary.heldBytes())
        + (long) indices.length * Integer.BYTES;
  }

  @Override
  public final void finish() throws IOException {
    if (rows > 0) {
      endPage();
    }
    if (dictionary != null && dictionaryPages > 0) {
      pages.writeDictionaryPage(
          new DictionaryPage(BytesInput.from(dictionary.plain()), dictionary.size(), DICTIONARY));
    }
    // Pages are copies, so the buffers are not needed until all pages are in the file.
    close();
  }

  @Override
  public final void close() {
    data = new byte[0];
    indices = new int[0];
    if (dictionary != null) {
      dictionary.clear();
    }
  }

  /// Looks up the page's values in the dictionary, adds new ones, and sets [#indices].
  ///
  /// @return `false` if the dictionary would become too large, or if the type has none
  boolean lookUpValues() {
    return false;
  }

  /// Adds the page's values to its statistics.
  ///
  /// @param lookedUp whether [#lookUpValues] has just looked up all of them
  abstract void describe(Statistics<?> statistics, boolean lookedUp);

  /// The size of the page's values without their lengths; 0 if the type has no lengths.
  long unencodedBytes() {
    return 0;
  }

  /// Counts a value and ensures space for it.
  final void next(int more) throws IOException {
    values++;
    if (lists != null) {
      lists.present();
    }
    int needed = Math.addExact(length, more + SLACK);
    if (needed > data.length) {
      int doubled = (int) Math.min(data.length * 2L, Integer.MAX_VALUE - SLACK);
      int room = needed <= usualRoom ? Math.min(doubled, usualRoom) : doubled;
      data = Arrays.copyOf(data, Math.max(needed, room));
    }
  }

  /// The page's values as dictionary indices, or `null` if the dictionary would become too large.
  private @Nullable BytesInput lookUp(Dictionary dictionary) throws IOException {
    if (indices.length < values) {
      indices = new int[values];
    }
    int before = dictionary.size();
    if (!lookUpValues()) {
      dictionary.truncate(before);
      return null;
    }
    return DictionaryIndexEncoder.encode(
        indices, values, dictionary.size(), pageSize, properties.getAllocator());
  }

  private void endPage() throws IOException {
    Encoding encoding = Encoding.PLAIN;
    BytesInput content = BytesInput.from(data, 0, length);
    boolean lookedUp = false;
    if (dictionary != null && usesDictionary && values > 0) {
      BytesInput numbers = lookUp(dictionary);
      lookedUp = numbers != null;
      boolean first = dictionaryPages == 0;
      if (numbers == null || (first && numbers.size() + dictionary.plainBytes() >= length)) {
        usesDictionary = false;
      } else {
        content = numbers;
        encoding = DICTIONARY;
        dictionaryPages++;
      }
    }
    Statistics<?> statistics = Statistics.createStats(type);
    statistics.incrementNumNulls(levels.absentEntries());
    describe(statistics, lookedUp);
    pages.writePage(
        BytesInput.concat(levels.encode(rows), content),
        levels.entries(rows),
        rows,
        statistics,
        levels.sizes(type, unencodedBytes()),
        GeospatialStatistics.newBuilder(type).build(),
        levels.repetitionEncoding(),
        Encoding.RLE,
        encoding);
    if (dictionary != null && !usesDictionary && dictionaryPages == 0) {
      dictionary.clear();
    }
    // Do not keep the buffer of a row that was larger than a page.
    boolean large = data.length > usualRoom;
    if (large) {
      data = new byte[INITIAL_BYTES + SLACK];
    }
    if (large || !usesDictionary) {
      indices = new int[0];
    }
    levels.clear();
    length = 0;
    values = 0;
    rows = 0;
  }

  @Override
  public void bool(boolean value) throws IOException {
    throw mismatch();
  }

  @Override
  public void int32(int value) throws IOException {
    throw mismatch();
  }

  @Override
  public void int64(long value) throws IOException {
    throw mismatch();
  }

  @Override
  public void float32(float value) throws IOException {
    throw mismatch();
  }

  @Override
  public void float64(double value) throws IOException {
    throw mismatch();
  }

  @Override
  public void bytes(byte[] bytes, int offset, int count) throws IOException {
    throw mismatch();
  }

  @Override
  public final void uuid(byte[] bytes, int offset) throws IOException {
    bytes(bytes, offset, 16);
  }

  @Override
  public void decimal(long unscaled) throws IOException {
    throw mismatch();
  }

  @Override
  public final void decimal(byte[] unscaled) throws IOException {
    bytes(unscaled, 0, unscaled.length);
  }

  @Override
  public final void emptyList() throws IOException {
    lists().emptyList();
  }

  @Override
  public final void beginList(int[] lengths) {
    lists().nesting().begin(lengths);
  }

  @Override
  public final void element(int index) {
    lists().nesting().element(index);
  }

  @Override
  public final void endList() {
    lists().nesting().end();
  }

  private ListLevels lists() {
    if (lists == null) {
      throw mismatch();
    }
    return lists;
  }

  private IllegalStateException mismatch() {
    return new IllegalStateException("not a value of the column " + type);
  }
}
