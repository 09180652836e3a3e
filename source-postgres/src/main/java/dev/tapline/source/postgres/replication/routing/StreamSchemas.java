package dev.tapline.source.postgres.replication.routing;

import dev.tapline.source.postgres.catalog.ColumnType;
import dev.tapline.source.postgres.catalog.TypeCatalog;
import dev.tapline.source.postgres.codec.WireFormat;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.replication.position.FollowedStream;
import dev.tapline.source.postgres.replication.routing.RelationSchema.RelationColumn;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Determines the schema of a stream from the relation that its rows come in. Looks up types that
/// are not known yet in an ordinary session.
final class StreamSchemas {
  private final Sessions sessions;
  private final String database;
  private @Nullable TypeCatalog types;

  StreamSchemas(Sessions sessions, String database) {
    this.sessions = sessions;
    this.database = database;
  }

  /// Reads the types, which the first change of a log needs: before others use the database's idle
  /// session.
  void load() throws IOException {
    types = sessions.with(database, TypeCatalog::read);
  }

  /// The selected fields that the relation has, as the selection has them where the type is the
  /// same; then, for a stream that takes all columns, those that the selection does not know.
  ///
  /// @param grows whether the relation is that of the stream itself and not of a table beneath it
  Schema of(FollowedStream stream, RelationSchema relation, boolean grows) throws IOException {
    Map<String, RelationColumn> columns = new LinkedHashMap<>();
    relation.columns().forEach(column -> columns.put(column.name(), column));
    List<Field> fields = new ArrayList<>();
    for (Field selected : stream.schema().fields()) {
      @Nullable RelationColumn column = columns.remove(selected.name());
      if (column != null) {
        fields.add(field(selected, column));
      }
    }
    if (stream.open() && grows) {
      for (RelationColumn column : columns.values()) {
        fields.add(new Field(column.name(), resolve(column).type(), true, sourceType(column), ""));
      }
    }
    return new Schema(fields, key(stream.schema().key(), fields, relation));
  }

  /// The binary form of each of the relation's columns that the schema has, where it is known.
  @Nullable WireFormat[] wires(RelationSchema relation, Schema schema) throws IOException {
    List<RelationColumn> columns = relation.columns();
    @Nullable WireFormat[] wires = new WireFormat[columns.size()];
    for (int i = 0; i < wires.length; i++) {
      if (schema.indexOf(columns.get(i).name()) >= 0) {
        ColumnType type = resolve(columns.get(i));
        wires[i] = type.isNative() ? type.wire() : null;
      }
    }
    return wires;
  }

  private Field field(Field selected, RelationColumn column) throws IOException {
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
  private static List<String> key(
      List<String> selected, List<Field> fields, RelationSchema relation) {
    List<String> names = fields.stream().map(Field::name).toList();
    if (names.containsAll(selected)) {
      return selected;
    }
    List<String> identity =
        relation.columns().stream()
            .filter(RelationColumn::identity)
            .map(RelationColumn::name)
            .toList();
    return !relation.whole() && names.containsAll(identity) ? identity : List.of();
  }

  private ColumnType resolve(RelationColumn column) throws IOException {
    @Nullable TypeCatalog known = types;
    if (known == null || !known.knows(column.type())) {
      known = sessions.with(database, TypeCatalog::read);
      types = known;
    }
    return known.resolve(column.type(), column.modifier());
  }

  private String sourceType(RelationColumn column) throws IOException {
    return sessions.with(
        database,
        session ->
            session
                .query(
                    "SELECT pg_catalog.format_type(%d, %d)"
                        .formatted(column.type(), column.modifier()),
                    row -> row.getString(1))
                .getFirst());
  }
}
