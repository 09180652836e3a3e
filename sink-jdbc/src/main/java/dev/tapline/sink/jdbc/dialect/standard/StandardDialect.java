package dev.tapline.sink.jdbc.dialect.standard;

import dev.tapline.sink.jdbc.dialect.api.ColumnType;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.DialectTraits;
import dev.tapline.sink.jdbc.dialect.api.ValueLimit;
import java.sql.Connection;
import java.util.Optional;

/// Any other database: standard SQL, as far as databases agree on it.
public final class StandardDialect implements Dialect {
  private static final int LONGEST_NAME = 128;
  private static final int LONGEST_KEY = 255;

  @Override
  public String name() {
    return "standard SQL";
  }

  @Override
  public boolean accepts(String url) {
    return true;
  }

  @Override
  public DialectTraits traits() {
    return new DialectTraits(false, true, false, true, true, LONGEST_NAME);
  }

  // What users have added to a table is not known.
  @Override
  public boolean hasDependents(Connection connection, String schema, String name) {
    return true;
  }

  // Which types a database can change to CLOB differs.
  @Override
  public Optional<String> widen(String table, String column, String sql) {
    return sql.equals(text(false).sql())
        ? Optional.empty()
        : Dialect.super.widen(table, column, sql);
  }

  @Override
  public ColumnType text(boolean key) {
    return key
        ? ColumnType.text("VARCHAR(" + LONGEST_KEY + ")").within(ValueLimit.length(LONGEST_KEY))
        : ColumnType.text("CLOB");
  }
}
