package dev.tapline.sink.parquet.reader;

import dev.tapline.sink.parquet.column.Nesting;
import dev.tapline.sink.parquet.format.BatchBuilder;
import dev.tapline.sink.parquet.schema.FieldType;
import dev.tapline.sink.parquet.schema.ParquetSchemas;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.ListColumn;
import dev.tapline.spi.batch.ListColumn.Dimensions;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.parquet.column.ColumnReader;

/// Reads the values of a field of a row group. For levels see [Nesting].
final class FieldReader {
  private final ColumnReader reader;
  private final FieldType fieldType;
  private final int present;

  FieldReader(ColumnReader reader, FieldType fieldType) {
    this.reader = reader;
    this.fieldType = fieldType;
    this.present = Nesting.present(fieldType.dimensions());
  }

  /// Appends the next row's value to a column.
  ///
  /// @param unchanged whether NULL in the file stands for an unchanged value
  void appendTo(Column column, boolean unchanged) {
    int level = reader.getCurrentDefinitionLevel();
    if (unchanged || level == 0) {
      if (unchanged) {
        column.appendUnchanged();
      } else {
        column.appendNull();
      }
      reader.consume();
    } else if (column instanceof ListColumn lists) {
      list(lists, level);
    } else {
      value(column);
      reader.consume();
    }
  }

  /// The next row's text.
  String text() {
    String text = new String(reader.getBinary().getBytes(), StandardCharsets.UTF_8);
    reader.consume();
    return text;
  }

  /// The next row's number; 0 if it is NULL.
  long number() {
    long number = reader.getCurrentDefinitionLevel() == present ? reader.getLong() : 0;
    reader.consume();
    return number;
  }

  /// The next row's list of texts; empty if it is NULL.
  List<String> texts() {
    List<String> texts = new ArrayList<>();
    if (reader.getCurrentDefinitionLevel() < present) {
      reader.consume();
      return texts;
    }
    do {
      texts.add(text());
    } while (reader.getCurrentRepetitionLevel() > 0);
    return texts;
  }

  private void list(ListColumn lists, int level) {
    if (level == 1) {
      reader.consume();
      lists.endList();
      return;
    }
    // Counts how often each dimension begins; all lists of a dimension have the same length.
    int[] begun = new int[fieldType.dimensions()];
    do {
      for (int i = reader.getCurrentRepetitionLevel(); i < begun.length; i++) {
        begun[i]++;
      }
      if (reader.getCurrentDefinitionLevel() < present) {
        lists.elements().appendNull();
      } else {
        value(lists.elements());
      }
      reader.consume();
    } while (reader.getCurrentRepetitionLevel() > 0);
    end(lists, begun);
  }

  private void end(ListColumn lists, int[] begun) {
    if (begun.length == 1) {
      lists.endList();
      return;
    }
    int row = lists.size();
    int elements = lists.elements().size() - (row == 0 ? 0 : lists.end(row - 1));
    List<Integer> lengths = new ArrayList<>();
    int outer = 1;
    for (int i = 1; i < begun.length; i++) {
      lengths.add(begun[i] / outer);
      outer = begun[i];
    }
    lengths.add(elements / outer);
    lists.endList(new Dimensions(lengths, Collections.nCopies(begun.length, 1)));
  }

  private void value(Column to) {
    switch (fieldType.kind()) {
      case BOOLEAN -> BatchBuilder.add(to, reader.getBoolean());
      case INT16, INT32, DATE -> BatchBuilder.add(to, (long) reader.getInteger());
      case INT64, TIME, TIMESTAMP, TIMESTAMP_TZ -> BatchBuilder.add(to, reader.getLong());
      case FLOAT -> BatchBuilder.add(to, (double) reader.getFloat());
      case DOUBLE -> BatchBuilder.add(to, reader.getDouble());
      case DECIMAL -> decimal(to);
      case STRING, JSON, BYTES, UUID -> BatchBuilder.add(to, reader.getBinary().getBytes());
    }
  }

  private void decimal(Column to) {
    if (fieldType.precision() <= ParquetSchemas.INT_DIGITS) {
      BatchBuilder.add(to, (long) reader.getInteger());
    } else if (fieldType.precision() <= ParquetSchemas.LONG_DIGITS) {
      BatchBuilder.add(to, reader.getLong());
    } else {
      BatchBuilder.addDecimal(to, new BigInteger(reader.getBinary().getBytes()));
    }
  }
}
