package dev.tapline.sink.jdbc.dialect.h2;

import dev.tapline.sink.jdbc.dialect.api.ColumnType;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.DialectTraits;
import dev.tapline.sink.jdbc.dialect.api.Merge;
import dev.tapline.sink.jdbc.dialect.api.ParameterType;
import dev.tapline.sink.jdbc.dialect.api.StandardSql;
import dev.tapline.sink.jdbc.dialect.api.Statements;
import dev.tapline.sink.jdbc.dialect.api.ValueLimit;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/// H2, version 2.
public final class H2Dialect implements Dialect {
  private static final int LONGEST_NAME = 256;
  private static final int LONGEST_KEY = 1_000_000;
  private static final int MOST_DIGITS = 100_000;

  /// For [java.util.ServiceLoader].
  public H2Dialect() {}

  @Override
  public String name() {
    return "H2";
  }

  @Override
  public boolean accepts(String url) {
    return url.startsWith("jdbc:h2:");
  }

  // It can have many writers. But what it writes for a commit takes in changes of others that are
  // under way, and not always all of what it needs to take them back after a crash.
  @Override
  public DialectTraits traits() {
    return new DialectTraits(false, true, false, true, true, LONGEST_NAME);
  }

  // A commit is written at once, and not half a second later. Where H2 uses free space again,
  // commits were missing after a crash; see decision 12.
  @Override
  public void driverProperties(Properties properties) {
    properties.put("WRITE_DELAY", "0");
    properties.put("REUSE_SPACE", "FALSE");
  }

  @Override
  public Optional<ColumnType> decimalType(DataType.Decimal decimal) {
    return ColumnType.decimal("NUMERIC(%d, %d)", decimal, MOST_DIGITS, MOST_DIGITS);
  }

  @Override
  public ColumnType scalarType(Scalar scalar, boolean key) {
    return switch (scalar) {
      case FLOAT32 ->
          ColumnType.of("REAL", ParameterType.FLOAT)
              .within(ValueLimit.FINITE_WITHOUT_NEGATIVE_ZERO);
      case DATE -> ColumnType.of("DATE", ParameterType.DATE).within(ValueLimit.NOT_INFINITE);
      case TIME -> ColumnType.of("TIME(6)", ParameterType.TIME).within(ValueLimit.WITHIN_A_DAY);
      case TIMESTAMP ->
          ColumnType.of("TIMESTAMP(6)", ParameterType.TIMESTAMP).within(ValueLimit.NOT_INFINITE);
      case TIMESTAMP_TZ ->
          ColumnType.of("TIMESTAMP(6) WITH TIME ZONE", ParameterType.TIMESTAMP_TZ)
              .within(ValueLimit.NOT_INFINITE);
      case BYTES ->
          key
              ? ColumnType.of("VARBINARY(" + LONGEST_KEY + ")", ParameterType.BYTES)
                  .within(ValueLimit.length(LONGEST_KEY))
              : ColumnType.of("BINARY LARGE OBJECT", ParameterType.BYTES);
      case UUID -> ColumnType.of("UUID", ParameterType.UUID);
      default -> Dialect.super.scalarType(scalar, key);
    };
  }

  @Override
  public ColumnType text(boolean key) {
    return key
        ? ColumnType.text("CHARACTER VARYING(" + LONGEST_KEY + ")")
            .within(ValueLimit.length(LONGEST_KEY))
        : ColumnType.text("CHARACTER LARGE OBJECT");
  }

  @Override
  public boolean hasDependents(Connection connection, String schema, String name)
      throws SQLException {
    String place = schema.isEmpty() ? " = CURRENT_SCHEMA" : " = ?";
    String indexes =
        "SELECT 1 FROM INFORMATION_SCHEMA.INDEXES WHERE TABLE_NAME = ? AND TABLE_SCHEMA"
            + place
            + " AND INDEX_TYPE_NAME <> 'PRIMARY KEY'";
    // It does not say which tables a view reads.
    String views = "SELECT 1 FROM INFORMATION_SCHEMA.VIEWS WHERE LOCATE(?, VIEW_DEFINITION) > 0";
    return Statements.any(connection, views, quote(name))
        || Statements.any(
            connection,
            indexes,
            schema.isEmpty() ? new String[] {name} : new String[] {name, schema});
  }

  @Override
  public List<String> merge(Merge merge) {
    List<String> statements = new ArrayList<>(StandardSql.fill(merge));
    if (merge.operation().isPresent()) {
      statements.add(
          into(merge, 1)
              + (merge.deletedAt().isEmpty()
                  ? " WHEN MATCHED THEN DELETE"
                  : " WHEN MATCHED THEN UPDATE SET "
                      + StandardSql.assignments(merge.deletedAt(), "t.", "s.")));
    }
    List<String> updates = new ArrayList<>();
    if (!merge.values().isEmpty()) {
      updates.add(StandardSql.assignments(merge.values(), "t.", "s."));
    }
    merge.absent().forEach(name -> updates.add("t." + name + " = NULL"));
    statements.add(
        into(merge, 0)
            + (updates.isEmpty()
                ? ""
                : " WHEN MATCHED THEN UPDATE SET " + String.join(", ", updates))
            + " WHEN NOT MATCHED THEN INSERT (%s) VALUES (%s)"
                .formatted(
                    StandardSql.list(merge.columns()), StandardSql.list("s", merge.columns())));
    return statements;
  }

  private static String into(Merge merge, int operation) {
    return "MERGE INTO %s t USING (SELECT * FROM %s s WHERE 1 = 1%s) s ON (%s)"
        .formatted(
            merge.target(),
            merge.staged(),
            merge.and(operation),
            StandardSql.join("t", merge.key(), "s", merge.key()));
  }
}
