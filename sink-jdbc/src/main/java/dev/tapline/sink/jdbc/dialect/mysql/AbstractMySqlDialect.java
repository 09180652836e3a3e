package dev.tapline.sink.jdbc.dialect.mysql;

import dev.tapline.sink.jdbc.dialect.api.ColumnType;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.DialectTraits;
import dev.tapline.sink.jdbc.dialect.api.FailureKind;
import dev.tapline.sink.jdbc.dialect.api.Merge;
import dev.tapline.sink.jdbc.dialect.api.PacketLimit;
import dev.tapline.sink.jdbc.dialect.api.ParameterType;
import dev.tapline.sink.jdbc.dialect.api.SqlStates;
import dev.tapline.sink.jdbc.dialect.api.StandardSql;
import dev.tapline.sink.jdbc.dialect.api.Statements;
import dev.tapline.sink.jdbc.dialect.api.TableColumn;
import dev.tapline.sink.jdbc.dialect.api.ValueLimit;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What MariaDB and MySQL have in common. Both use InnoDB.
abstract class AbstractMySqlDialect implements Dialect {
  private static final int LONGEST_NAME = 64;
  private static final int LONGEST_KEY = 255;
  private static final int MOST_DIGITS = 65;
  private static final int MOST_DECIMALS = 38;
  // A FLOAT below that is zero.
  private static final ValueLimit NORMAL =
      (column, row) -> {
        double value = ((DoubleColumn) column).get(row);
        return ValueLimit.FINITE_WITHOUT_NEGATIVE_ZERO.holds(column, row)
            && (value == 0 || Math.abs(value) >= Float.MIN_NORMAL);
      };
  private static final int WIDTH_OF_TEXT = 4;
  private static final int DECIMAL_BYTES = 30;
  private static final int UUID_BYTES = 36;
  private static final int OTHER_BYTES = 8;
  private static final int PACKET_TOO_LARGE = 1153;
  private static final Set<Integer> PASSING =
      Set.of(1205, 1213, 1020, 1317, 1969, 2006, 2013, 1927, 3024);
  private static final Set<Integer> REFUSED = Set.of(1062, 1048, 1264, 1265, 1366, 1406, 1292);

  private final ServerLimits server;

  /// @param server the limits of the server
  AbstractMySqlDialect(ServerLimits server) {
    this.server = server;
  }

  /// Returns true if the driver puts escaped values into statements.
  abstract boolean escapes();

  @Override
  public Optional<PacketLimit> packetLimit() {
    return Optional.of(new PacketLimit(server.packetBytes(), "max_allowed_packet", escapes()));
  }

  /// The collation of a text, which compares byte by byte, including trailing spaces.
  ///
  /// @param key whether it is part of a key
  abstract String collation(boolean key);

  @Override
  public DialectTraits traits() {
    return new DialectTraits(false, false, true, true, false, LONGEST_NAME);
  }

  @Override
  public Optional<ColumnType> decimalType(DataType.Decimal decimal) {
    return ColumnType.decimal("DECIMAL(%d,%d)", decimal, MOST_DIGITS, MOST_DECIMALS);
  }

  @Override
  public ColumnType scalarType(Scalar scalar, boolean key) {
    return switch (scalar) {
      case INT32 -> ColumnType.of("INT", ParameterType.LONG);
      // As a double: the shortest digits of the greatest float are more than it to MySQL.
      case FLOAT32 -> ColumnType.of("FLOAT", ParameterType.DOUBLE).within(NORMAL);
      case FLOAT64 ->
          ColumnType.of("DOUBLE", ParameterType.DOUBLE)
              .within(ValueLimit.FINITE_WITHOUT_NEGATIVE_ZERO);
      case TIME -> ColumnType.text("TIME(6)");
      // TIMESTAMP would end in 2038, so both are DATETIME, an instant in UTC.
      case TIMESTAMP, TIMESTAMP_TZ ->
          ColumnType.of("DATETIME(6)", ParameterType.TIMESTAMP)
              .within(ValueLimit.MOMENT_OF_FOUR_DIGITS);
      case BYTES -> key ? bytes(LONGEST_KEY) : ColumnType.of("LONGBLOB", ParameterType.BYTES);
      // Its own type refuses some of them.
      case UUID -> ColumnType.text("CHAR(36) CHARACTER SET ascii COLLATE ascii_bin");
      default -> Dialect.super.scalarType(scalar, key);
    };
  }

  @Override
  public ColumnType text(boolean key) {
    return key ? text(LONGEST_KEY) : ColumnType.text("LONGTEXT" + characters(key));
  }

  /// A text of a key.
  ///
  /// @param length how many characters it may have
  ColumnType text(int length) {
    return ColumnType.text("VARCHAR(" + length + ")" + characters(true))
        .within(ValueLimit.length(length));
  }

  private static ColumnType bytes(int length) {
    return ColumnType.of("VARBINARY(" + length + ")", ParameterType.BYTES)
        .within(ValueLimit.length(length));
  }

  @Override
  public List<ColumnType> keyTypes(List<Field> fields) {
    List<ColumnType> types = new ArrayList<>(Dialect.super.keyTypes(fields));
    KeyLengthAllocator lengths = new KeyLengthAllocator(server.keyBytes(), LONGEST_KEY);
    for (int i = 0; i < types.size(); i++) {
      String sql = types.get(i).sql();
      if (sql.startsWith("VARCHAR(")) {
        lengths.request(i, fields.get(i), WIDTH_OF_TEXT);
      } else if (sql.startsWith("VARBINARY(")) {
        lengths.request(i, fields.get(i), 1);
      } else {
        lengths.subtract(bytesOf(sql));
      }
    }
    int[] room = lengths.lengths(types.size());
    for (int i = 0; i < types.size(); i++) {
      String sql = types.get(i).sql();
      if (sql.startsWith("VARCHAR(")) {
        types.set(i, text(room[i]));
      } else if (sql.startsWith("VARBINARY(")) {
        types.set(i, bytes(room[i]));
      }
    }
    return types;
  }

  private static int bytesOf(String sql) {
    return sql.startsWith("DECIMAL")
        ? DECIMAL_BYTES
        : sql.startsWith("CHAR(36)") ? UUID_BYTES : OTHER_BYTES;
  }

  // Of other engines, tables have no transactions; of other formats, keys have 767 bytes.
  @Override
  public String createTable(String table, List<TableColumn> columns, List<String> key) {
    return Dialect.super.createTable(table, columns, key) + " ENGINE=InnoDB ROW_FORMAT=DYNAMIC";
  }

  private String characters(boolean key) {
    return " CHARACTER SET utf8mb4 COLLATE " + collation(key);
  }

  /// The `sql_mode` of sessions.
  abstract String sqlMode();

  @Override
  public List<String> sessionStatements() {
    return List.of(
        // The driver has seen what quotes names, and goes on with it.
        "SET SESSION sql_mode = CONCAT(IF(@@sql_mode LIKE '%%ANSI_QUOTES%%', 'ANSI_QUOTES,', ''), '%s')"
            .formatted(sqlMode()),
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
        "SET SESSION TRANSACTION READ WRITE",
        "SET SESSION lock_wait_timeout = 60",
        "SET SESSION wait_timeout = 28800",
        "SET SESSION unique_checks = 1",
        "SET SESSION sql_safe_updates = 0",
        "SET SESSION sql_big_selects = 1");
  }

  @Override
  public Optional<String> nameProblem(String name) {
    int characters = name.codePointCount(0, name.length());
    if (characters > LONGEST_NAME) {
      return Optional.of(
          "has %d characters, and %s allows %d".formatted(characters, name(), LONGEST_NAME));
    }
    if (characters < name.length()) {
      return Optional.of(
          "has a character beyond U+FFFF, which %s takes in values only".formatted(name()));
    }
    return name.endsWith(" ")
        ? Optional.of("ends in a space, which %s does not take".formatted(name()))
        : Optional.empty();
  }

  @Override
  public Optional<String> tableNameProblem(String name) {
    int bytes = TableFileName.length(name);
    return nameProblem(name)
        .or(() ->
            bytes > TableFileName.LONGEST
                ? Optional.of(
                    "makes a file name of %d bytes on the server, and %d are allowed"
                        .formatted(bytes, TableFileName.LONGEST))
                : Optional.empty());
  }

  @Override
  public String quote(String name) {
    return '`' + name.replace("`", "``") + '`';
  }

  @Override
  public Optional<String> createSchema(String schema) {
    return Optional.of("CREATE DATABASE " + quote(schema));
  }

  @Override
  public Optional<String> widen(String table, String column, String sql) {
    return Optional.of(
        "ALTER TABLE %s MODIFY COLUMN %s %s NULL".formatted(table, quote(column), sql));
  }

  @Override
  public Optional<String> widenKey(String table, String column, String sql) {
    return Optional.of(
        "ALTER TABLE %s MODIFY COLUMN %s %s NOT NULL".formatted(table, quote(column), sql));
  }

  @Override
  public Optional<String> allowNull(String table, String column, String sql) {
    return widen(table, column, sql);
  }

  @Override
  public List<String> rename(String schema, List<Rename> renames) {
    return List.of(
        "RENAME TABLE "
            + renames.stream()
                .map(rename -> table(schema, rename.from()) + " TO " + table(schema, rename.to()))
                .collect(Collectors.joining(", ")));
  }

  // A foreign key of another table would follow the renamed table.
  @Override
  public boolean hasDependents(Connection connection, String schema, String name)
      throws SQLException {
    String query =
        """
        SELECT 1 FROM information_schema.STATISTICS
          WHERE TABLE_SCHEMA = COALESCE(NULLIF(?, ''), DATABASE()) AND TABLE_NAME = ?
            AND INDEX_NAME <> 'PRIMARY'
        UNION SELECT 1 FROM information_schema.TRIGGERS
          WHERE EVENT_OBJECT_SCHEMA = COALESCE(NULLIF(?, ''), DATABASE())
            AND EVENT_OBJECT_TABLE = ?
        UNION SELECT 1 FROM information_schema.KEY_COLUMN_USAGE
          WHERE REFERENCED_TABLE_SCHEMA = COALESCE(NULLIF(?, ''), DATABASE())
            AND REFERENCED_TABLE_NAME = ?
        """;
    return Statements.any(connection, query, schema, name, schema, name, schema, name);
  }

  @Override
  public List<String> merge(Merge merge) {
    List<String> statements = new ArrayList<>(StandardSql.fill(merge));
    String keys = StandardSql.join("t", merge.key(), "s", merge.key());
    if (merge.operation().isPresent()) {
      String joined = "%s t JOIN %s s ON %s".formatted(merge.target(), merge.staged(), keys);
      String where = " WHERE 1 = 1" + merge.and(1);
      statements.add(
          merge.deletedAt().isEmpty()
              ? "DELETE t FROM " + joined + where
              : "UPDATE %s SET %s%s"
                  .formatted(
                      joined, StandardSql.assignments(merge.deletedAt(), "t.", "s."), where));
    }
    statements.addAll(merge.otherUnique() ? updateAndInsert(merge, keys) : List.of(upsert(merge)));
    return statements;
  }

  // For MySQL any unique index says which row is meant. That none but the key's does, is looked at
  // before; of one that has come since then, the key that cannot be NULL lets nothing pass.
  private static String upsert(Merge merge) {
    List<String> assignments = new ArrayList<>();
    String first = merge.key().getFirst();
    String same =
        merge.key().stream()
            .map(name -> "%s.%s = VALUES(%s)".formatted(merge.target(), name, name))
            .collect(Collectors.joining(" AND "));
    assignments.add("%s = IF(%s, %s.%s, NULL)".formatted(first, same, merge.target(), first));
    merge.values().forEach(name -> assignments.add(name + " = VALUES(" + name + ")"));
    merge.absent().forEach(name -> assignments.add(name + " = NULL"));
    return StandardSql.insert(merge) + " ON DUPLICATE KEY UPDATE " + StandardSql.list(assignments);
  }

  private static List<String> updateAndInsert(Merge merge, String keys) {
    List<String> statements = new ArrayList<>();
    List<String> assignments = new ArrayList<>();
    merge.values().forEach(name -> assignments.add("t." + name + " = s." + name));
    merge.absent().forEach(name -> assignments.add("t." + name + " = NULL"));
    if (!assignments.isEmpty()) {
      statements.add(
          "UPDATE %s t JOIN %s s ON %s SET %s WHERE 1 = 1%s"
              .formatted(
                  merge.target(),
                  merge.staged(),
                  keys,
                  StandardSql.list(assignments),
                  merge.and(0)));
    }
    statements.add(
        "INSERT INTO %s (%s) SELECT %s FROM %s s LEFT JOIN %s t ON %s WHERE t.%s IS NULL%s"
            .formatted(
                merge.target(),
                StandardSql.list(merge.columns()),
                StandardSql.list("s", merge.columns()),
                merge.staged(),
                merge.target(),
                keys,
                merge.key().getFirst(),
                merge.and(0)));
    return statements;
  }

  @Override
  public boolean hasOtherUniqueIndex(Connection connection, String schema, String name)
      throws SQLException {
    String query =
        """
        SELECT 1 FROM information_schema.STATISTICS
          WHERE TABLE_SCHEMA = COALESCE(NULLIF(?, ''), DATABASE()) AND TABLE_NAME = ?
            AND INDEX_NAME <> 'PRIMARY' AND NON_UNIQUE = 0
        """;
    return Statements.any(connection, query, schema, name);
  }

  @Override
  public FailureKind failure(SQLException error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        if (sql.getErrorCode() == PACKET_TOO_LARGE) {
          return FailureKind.PERMANENT;
        }
        if (PASSING.contains(sql.getErrorCode())) {
          return FailureKind.TRANSIENT;
        }
        if (REFUSED.contains(sql.getErrorCode())) {
          return FailureKind.REJECTED_ROW;
        }
      }
    }
    return SqlStates.classify(error);
  }
}
