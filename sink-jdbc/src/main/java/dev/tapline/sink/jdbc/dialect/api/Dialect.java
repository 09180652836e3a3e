package dev.tapline.sink.jdbc.dialect.api;

import dev.tapline.spi.catalog.Field;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;

/// How one database differs from others.
///
/// Dialects are found by [java.util.ServiceLoader]; the first whose [#accepts(String)] says yes
/// serves a URL, and standard SQL serves where none does. A dialect does not change and may be
/// called from any thread. What has a default here is standard SQL.
public interface Dialect {
  /// The name of the database for people.
  String name();

  /// Whether a URL is of this database.
  boolean accepts(String url);

  /// The dialect of the server that a connection leads to, where versions differ. Types are asked
  /// of that one; all else must be the same.
  default Dialect of(Connection connection) throws SQLException {
    return this;
  }

  /// What the database can and cannot do.
  DialectTraits traits();

  /// What a field becomes.
  ///
  /// @param field the field
  /// @param key whether it is part of the table's key
  ColumnType type(Field field, boolean key);

  /// The type for text of any length; in a key, of as long texts as a key may have.
  ColumnType text(boolean key);

  /// What the columns of a key become: together they may have to share what a key has room for.
  ///
  /// @param fields those of the key, in its order
  default List<ColumnType> key(List<Field> fields) {
    return fields.stream().map(field -> type(field, true)).toList();
  }

  /// How much the server takes at once, if that is little.
  default Optional<PacketLimit> packet() {
    return Optional.empty();
  }

  /// What is to be said to the driver when it connects, beyond what the user says.
  default void properties(Properties properties) {}

  /// Statements for each new connection.
  default List<String> initialization() {
    return List.of();
  }

  /// Statements that begin each transaction: what must hold where a pooler lends each one another
  /// of the server's connections, and must not be left behind there.
  default List<String> transaction() {
    return List.of();
  }

  /// What keeps the database from taking a name of a column or a table, as what follows "the name
  /// '...'" in a sentence; nothing where it takes it.
  default Optional<String> refusedName(String name) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    return bytes > traits().longestName()
        ? Optional.of(
            "has %d bytes, and %s allows %d".formatted(bytes, name(), traits().longestName()))
        : Optional.empty();
  }

  /// The same of the name of a table.
  default Optional<String> refusedTable(String name) {
    return refusedName(name);
  }

  /// A name as it stands in statements.
  default String quote(String name) {
    return StandardSql.quote(name);
  }

  /// A name of a table, in its schema where there is one.
  default String table(String schema, String name) {
    return schema.isEmpty() ? quote(name) : quote(schema) + "." + quote(name);
  }

  /// Makes a schema unless it is there; nothing for a database that has none to make.
  default Optional<String> createSchema(String schema) {
    return Optional.of("CREATE SCHEMA " + quote(schema));
  }

  /// A way to bring rows into a table.
  ///
  /// @param schema the table's schema, or nothing
  /// @param name the table
  /// @param columns its columns, in the order of the values
  default RowLoader loader(
      Connection connection, String schema, String name, List<TableColumn> columns)
      throws SQLException {
    return new BatchInsertLoader(connection, this, table(schema, name), columns);
  }

  /// The statement that makes a table.
  ///
  /// @param key the key's columns; empty for none
  default String createTable(String table, List<TableColumn> columns, List<String> key) {
    List<String> parts = new ArrayList<>();
    for (TableColumn column : columns) {
      parts.add(
          quote(column.name())
              + " "
              + column.type().sql()
              + (column.nullable() ? "" : " NOT NULL"));
    }
    if (!key.isEmpty()) {
      parts.add("PRIMARY KEY (" + quoted(key) + ")");
    }
    return "CREATE TABLE " + table + " (" + String.join(", ", parts) + ")";
  }

  /// Whether a full load goes faster into a table that gets its key when all rows are there.
  default boolean keyAfterLoad() {
    return false;
  }

  /// Gives a filled table its key.
  default String addKey(String table, List<String> key) {
    return "ALTER TABLE " + table + " ADD PRIMARY KEY (" + quoted(key) + ")";
  }

  /// Adds a column that may be NULL.
  default String addColumn(String table, TableColumn column) {
    return "ALTER TABLE %s ADD COLUMN %s %s"
        .formatted(table, quote(column.name()), column.type().sql());
  }

  /// Gives a column a wider type; nothing where the database cannot.
  default Optional<String> widen(String table, String column, String sql) {
    return Optional.of(
        "ALTER TABLE %s ALTER COLUMN %s SET DATA TYPE %s".formatted(table, quote(column), sql));
  }

  /// Gives a column of the key a wider type; nothing where the database cannot.
  default Optional<String> widenKey(String table, String column, String sql) {
    return widen(table, column, sql);
  }

  /// Lets a column be NULL; nothing where the database cannot.
  ///
  /// @param sql the column's type
  default Optional<String> allowNull(String table, String column, String sql) {
    return Optional.of(
        "ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL".formatted(table, quote(column)));
  }

  /// Whether a column of the type `wide` holds every value of the type `narrow`.
  default boolean holds(String wide, String narrow) {
    return TypeWidening.holds(wide, narrow, text(false).sql());
  }

  /// Gives tables other names, in the order of the list; in one step where the database can.
  ///
  /// @param renames pairs of names in `schema`: what it is called, and what it shall be called
  default List<String> rename(String schema, List<Rename> renames) {
    return renames.stream()
        .map(rename ->
            "ALTER TABLE %s RENAME TO %s"
                .formatted(table(schema, rename.from()), quote(rename.to())))
        .toList();
  }

  /// Whether people have added something to a table that would go with it: a view that reads it, an
  /// index, a trigger. Then its rows are exchanged, and the table stays.
  ///
  /// @param name the table
  default boolean isExtended(Connection connection, String schema, String name)
      throws SQLException {
    return false;
  }

  /// Whether a table has a unique index beside its key's, where merging must take care that a row
  /// does not come in the place of one with another key. Where the database refuses such a row in
  /// any case, there is nothing to look for.
  ///
  /// @param name the table
  default boolean hasOtherUnique(Connection connection, String schema, String name)
      throws SQLException {
    return false;
  }

  /// Statements that give a table what people have said of the one whose place it is about to take:
  /// who may read it, what it means.
  ///
  /// @param from the table that goes
  /// @param to the table that comes
  default List<String> inherit(Connection connection, String schema, String from, String to)
      throws SQLException {
    return List.of();
  }

  /// What is to be done when a version has taken the place of another, which is gone.
  ///
  /// @param version what the table was called
  /// @param destination what it is called now
  default List<String> settle(String schema, String version, String destination) {
    return List.of();
  }

  /// A table's change of name.
  ///
  /// @param from what it is called
  /// @param to what it shall be called
  record Rename(String from, String to) {}

  /// Removes every row.
  default String empty(String table) {
    return "DELETE FROM " + table;
  }

  /// Statements that merge staged rows, in their order.
  default List<String> merge(Merge merge) {
    return StandardSql.merge(merge);
  }

  /// What an error means.
  default FailureKind failure(SQLException error) {
    return SqlStates.of(error);
  }

  private String quoted(List<String> names) {
    return names.stream().map(this::quote).collect(Collectors.joining(", "));
  }
}
