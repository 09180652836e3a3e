package dev.tapline.sink.parquet.column;

import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.SizeStatistics;
import org.apache.parquet.schema.PrimitiveType;

/// The repetition and definition levels of a page: which entries have a value, and where lists
/// begin (Parquet format, *Nested Encoding*).
interface Levels {
  /// Adds NULL as the entry of this row of the page.
  void absent(int row) throws IOException;

  /// The number of entries that are NULL or an empty list.
  int absentEntries();

  /// The number of entries of these rows.
  int entries(int rows);

  /// The beginning of a data page of version 1: for each kind of levels its length in four bytes,
  /// then the levels.
  BytesInput encode(int rows) throws IOException;

  /// The encoding of the repetition levels.
  Encoding repetitionEncoding();

  /// The level histograms, with the size of the values.
  SizeStatistics sizes(PrimitiveType type, long unencodedBytes);

  /// The approximate memory used, in bytes.
  long heldBytes();

  /// Resets the levels for the next page.
  void clear();
}
