package dev.tapline.sink.jdbc.dialect.api;

import dev.tapline.spi.catalog.DataType.Decimal;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;

/// The SQL and the types of one database.
///
/// Dialects are found by [java.util.ServiceLoader]. The first that accepts a URL is used, or
/// standard SQL if none does. A dialect is immutable and may be called from any thread. The
/// defaults are standard SQL.
public interface Dialect {
  /// The name of the database, for messages.
  String name();

  /// Returns true if a driver's URL leads to this database.
  boolean accepts(String url);

  /// The dialect for the server of a connection, where versions differ. Only its types and
  /// statements may differ from this one: not its name, traits and quotes.
  default Dialect forServer(Connection connection) throws SQLException {
    return this;
  }

  /// What the database can and cannot do.
  DialectTraits traits();

  /// The type of a column: by default that of [#scalarType(Scalar, boolean)] or
  /// [#decimalType(Decimal)], and text for everything else.
  ///
  /// @param field the field whose values the column holds
  /// @param key whether it is part of the table's key
  default ColumnType type(Field field, boolean key) {
    return switch (field.type()) {
      case Scalar scalar -> scalarType(scalar, key);
      case Decimal decimal -> decimalType(decimal).orElseGet(() -> text(key));
      default -> text(key);
    };
  }

  /// The type for a scalar. Override those that differ from standard SQL.
  ///
  /// @param key whether it is part of the table's key
  default ColumnType scalarType(Scalar scalar, boolean key) {
    return StandardTypes.of(scalar, key, text(key));
  }

  /// The type for a decimal, or nothing if the database has no room for its digits.
  default Optional<ColumnType> decimalType(Decimal decimal) {
    return StandardTypes.of(decimal);
  }

  /// The type for text of any length; in a key, of as long texts as a key may have.
  ColumnType text(boolean key);

  /// The types of a key's columns, which may have to share a limited number of bytes.
  ///
  /// @param fields the fields of the key, in its order
  default List<ColumnType> keyTypes(List<Field> fields) {
    return fields.stream().map(field -> type(field, true)).toList();
  }

  /// The limit of what the server accepts in one packet, if it has a low one.
  default Optional<PacketLimit> packetLimit() {
    return Optional.empty();
  }

  /// Adds properties for the driver to those of the user.
  default void driverProperties(Properties properties) {}

  /// Statements that prepare each new connection.
  default List<String> sessionStatements() {
    return List.of();
  }

  /// Statements that begin each transaction. Settings belong here, not to the session, where a
  /// pooler gives each transaction another connection of the server.
  default List<String> transactionStatements() {
    return List.of();
  }

  /// Why the database does not accept a name of a column or a table, as the rest of a sentence that
  /// begins with "the name '...'"; nothing if it does.
  default Optional<String> nameProblem(String name) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    return bytes > traits().longestName()
        ? Optional.of(
            "has %d bytes, and %s allows %d".formatted(bytes, name(), traits().longestName()))
        : Optional.empty();
  }

  /// Why the database does not accept the name of a table.
  default Optional<String> tableNameProblem(String name) {
    return nameProblem(name);
  }

  /// A quoted name.
  default String quote(String name) {
    return StandardSql.quote(name);
  }

  /// The quoted name of a table, with its schema unless that is empty.
  default String table(String schema, String name) {
    return schema.isEmpty() ? quote(name) : quote(schema) + "." + quote(name);
  }

  /// The statement that creates a schema; nothing for a database that cannot.
  default Optional<String> createSchema(String schema) {
    return Optional.of("CREATE SCHEMA " + quote(schema));
  }

  /// Loads rows into a table; by default by batches of INSERT.
  ///
  /// @param schema the table's schema; empty for that of the connection
  /// @param name the table
  /// @param columns its columns, in the order of the values
  default RowLoader loader(
      Connection connection, String schema, String name, List<TableColumn> columns)
      throws SQLException {
    return new BatchInsertLoader(connection, this, table(schema, name), columns);
  }

  /// The statement that creates a table.
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

  /// Returns true if a full load is faster when the key is added after all rows.
  default boolean keyAfterLoad() {
    return false;
  }

  /// Adds the primary key to a table with rows.
  default String addKey(String table, List<String> key) {
    return "ALTER TABLE " + table + " ADD PRIMARY KEY (" + quoted(key) + ")";
  }

  /// Adds a column that may be NULL.
  default String addColumn(String table, TableColumn column) {
    return "ALTER TABLE %s ADD COLUMN %s %s"
        .formatted(table, quote(column.name()), column.type().sql());
  }

  /// Changes the type of a column to a wider one; nothing if the database cannot.
  default Optional<String> widen(String table, String column, String sql) {
    return Optional.of(
        "ALTER TABLE %s ALTER COLUMN %s SET DATA TYPE %s".formatted(table, quote(column), sql));
  }

  /// Changes the type of a column of the key to a wider one; nothing if the database cannot.
  default Optional<String> widenKey(String table, String column, String sql) {
    return widen(table, column, sql);
  }

  /// Drops NOT NULL from a column; nothing if the database cannot.
  ///
  /// @param sql the column's type
  default Optional<String> allowNull(String table, String column, String sql) {
    return Optional.of(
        "ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL".formatted(table, quote(column)));
  }

  /// Returns true if a column of the type `wide` can hold every value of the type `narrow`.
  default boolean holds(String wide, String narrow) {
    return TypeWidening.holds(wide, narrow, text(false).sql());
  }

  /// Renames tables of a schema, in the order of the list; atomically if the database can.
  default List<String> rename(String schema, List<Rename> renames) {
    return renames.stream()
        .map(rename ->
            "ALTER TABLE %s RENAME TO %s"
                .formatted(table(schema, rename.from()), quote(rename.to())))
        .toList();
  }

  /// Returns true if users have added something to a table that would be lost with it: a view that
  /// reads it, an index, a trigger. Then a new version replaces its rows, and the table stays.
  ///
  /// @param name the table
  default boolean hasDependents(Connection connection, String schema, String name)
      throws SQLException {
    return false;
  }

  /// Returns true if a table has a unique index besides that of its key, so that a merge must not
  /// let a row replace one with another key. Not needed where the database rejects such a row
  /// anyway.
  ///
  /// @param name the table
  default boolean hasOtherUniqueIndex(Connection connection, String schema, String name)
      throws SQLException {
    return false;
  }

  /// Statements that copy the privileges and comments of a table to the one that replaces it.
  ///
  /// @param from the old table
  /// @param to the new table
  default List<String> copyPrivileges(Connection connection, String schema, String from, String to)
      throws SQLException {
    return List.of();
  }

  /// Statements to run after a version has replaced another.
  ///
  /// @param version the former name of the table
  /// @param destination its name now
  default List<String> afterSwap(String schema, String version, String destination) {
    return List.of();
  }

  /// The renaming of a table.
  ///
  /// @param from its name
  /// @param to its new name
  record Rename(String from, String to) {}

  /// Deletes all rows of a table.
  default String deleteAll(String table) {
    return "DELETE FROM " + table;
  }

  /// Statements that merge staged rows, in their order.
  default List<String> merge(Merge merge) {
    return StandardSql.merge(merge);
  }

  /// The kind of an error.
  default FailureKind failure(SQLException error) {
    return SqlStates.classify(error);
  }

  private String quoted(List<String> names) {
    return names.stream().map(this::quote).collect(Collectors.joining(", "));
  }
}
