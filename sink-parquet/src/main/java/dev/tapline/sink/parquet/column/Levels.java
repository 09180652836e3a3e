package dev.tapline.sink.parquet.column;

import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.SizeStatistics;
import org.apache.parquet.schema.PrimitiveType;

/// Which entries of a page have a value, and where its lists begin: its repetition and definition
/// levels (Parquet format, *Nested Encoding*).
interface Levels {
  /// The next entry, in this row of the page, is NULL.
  void absent(int row) throws IOException;

  /// How many entries are NULL or an empty list.
  int absentEntries();

  /// How many entries these rows have.
  int entries(int rows);

  /// As a data page of version 1 begins: for each kind of levels that there is the length in four
  /// bytes, then the levels.
  BytesInput encode(int rows) throws IOException;

  /// How the repetition levels are encoded.
  Encoding repetitionEncoding();

  /// How many entries have each level, with the size of the values.
  SizeStatistics sizes(PrimitiveType type, long unencodedBytes);

  /// How many bytes of memory they hold, about.
  long heldBytes();

  /// Begins a page.
  void clear();
}
