package dev.tapline.source.postgres.snapshot;

import dev.tapline.source.postgres.catalog.Column;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.connection.DatabaseNames;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.RelationKind;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds what a stream selects in its table; every way of reading it needs this.
public final class StreamTables {
  private StreamTables() {}

  /// What messages call a table: `table public.orders`.
  public static String label(RelationKind kind, StreamName name) {
    return kind.label() + " " + name;
  }

  /// A table that must be there.
  public static Table require(String label, @Nullable Table table) throws IOException {
    if (table == null) {
      throw new IOException(
          label + " is not there any more; run again with the tables that there are now");
    }
    return table;
  }

  /// The columns of a stream in its table.
  ///
  /// @throws IOException if they are not what they were
  public static List<Column> columns(String label, Stream stream, Table table) throws IOException {
    Map<String, Column> byName =
        table.columns().stream()
            .collect(Collectors.toMap(column -> column.field().name(), Function.identity()));
    List<Column> columns = new ArrayList<>();
    for (Field field : stream.schema().fields()) {
      @Nullable Column column = byName.get(field.name());
      if (column == null) {
        throw new IOException(
            "%s has no column '%s' any more that this user may read; run again with the columns that there are now"
                .formatted(label, field.name()));
      }
      if (!column.field().type().equals(field.type())) {
        throw new IOException(
            "column '%s' of %s was %s and is now %s; run again to read it as it is now"
                .formatted(field.name(), label, field.sourceType(), column.field().sourceType()));
      }
      columns.add(column);
    }
    return columns;
  }

  /// The beginning of the ids of splits: unique by the table's number; the name is for messages.
  public static String id(StreamName stream, long oid) {
    String name = stream.toString().replaceAll("[^A-Za-z0-9._-]", "_");
    return "%s.%s.%d".formatted(DatabaseNames.distinct(stream.database()), name, oid);
  }
}
