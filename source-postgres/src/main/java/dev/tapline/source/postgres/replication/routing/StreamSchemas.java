package dev.tapline.source.postgres.replication.routing;

import dev.tapline.source.postgres.catalog.ColumnType;
import dev.tapline.source.postgres.catalog.TypeCatalog;
import dev.tapline.source.postgres.codec.WireFormat;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.replication.position.FollowedStream;
import dev.tapline.source.postgres.replication.routing.RelationSchema.ShapeColumn;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Says which schema a stream has when its rows come in a certain shape. Types that are not known
/// yet it looks up over an ordinary session.
final class StreamSchemas {
  private final Sessions sessions;
  private final String database;
  private @Nullable TypeCatalog types;

  StreamSchemas(Sessions sessions, String database) {
    this.sessions = sessions;
    this.database = database;
  }

  /// The selected fields that the shape has, as the selection has them where the type is the same;
  /// then, for a stream that takes all columns, those that the selection does not know.
  ///
  /// @param grows whether the shape is that of the stream itself and not of a table beneath it
  Schema of(FollowedStream stream, RelationSchema shape, boolean grows) throws IOException {
    Map<String, ShapeColumn> columns = new LinkedHashMap<>();
    shape.columns().forEach(column -> columns.put(column.name(), column));
    List<Field> fields = new ArrayList<>();
    for (Field selected : stream.schema().fields()) {
      @Nullable ShapeColumn column = columns.remove(selected.name());
      if (column != null) {
        fields.add(field(selected, column));
      }
    }
    if (stream.open() && grows) {
      for (ShapeColumn column : columns.values()) {
        fields.add(new Field(column.name(), resolve(column).type(), true, sourceType(column), ""));
      }
    }
    return new Schema(fields, key(stream.schema().key(), fields, shape));
  }

  /// The binary form of each of the shape's columns that the schema has, where it is known.
  @Nullable WireFormat[] wires(RelationSchema shape, Schema schema) throws IOException {
    List<ShapeColumn> columns = shape.columns();
    @Nullable WireFormat[] wires = new WireFormat[columns.size()];
    for (int i = 0; i < wires.length; i++) {
      if (schema.indexOf(columns.get(i).name()) >= 0) {
        ColumnType type = resolve(columns.get(i));
        wires[i] = type.isNative() ? type.wire() : null;
      }
    }
    return wires;
  }

  private Field field(Field selected, ShapeColumn column) throws IOException {
    ColumnType type = resolve(column);
    return type.type().equals(selected.type())
        ? selected
        : new Field(
            selected.name(),
            type.type(),
            selected.nullable(),
            sourceType(column),
            selected.comment());
  }

  // Where a column of the key is gone the server's own idea of what tells rows apart is next.
  private static List<String> key(List<String> selected, List<Field> fields, RelationSchema shape) {
    List<String> names = fields.stream().map(Field::name).toList();
    if (names.containsAll(selected)) {
      return selected;
    }
    List<String> identity =
        shape.columns().stream().filter(ShapeColumn::identity).map(ShapeColumn::name).toList();
    return !shape.whole() && names.containsAll(identity) ? identity : List.of();
  }

  private ColumnType resolve(ShapeColumn column) throws IOException {
    @Nullable TypeCatalog known = types;
    if (known == null || !known.knows(column.type())) {
      known = sessions.with(database, TypeCatalog::read);
      types = known;
    }
    return known.resolve(column.type(), column.modifier());
  }

  private String sourceType(ShapeColumn column) throws IOException {
    return sessions.with(database,
        session ->
            session
                .query(
                    "SELECT pg_catalog.format_type(%d, %d)"
                        .formatted(column.type(), column.modifier()),
                    row -> row.getString(1))
                .getFirst());
  }
}
