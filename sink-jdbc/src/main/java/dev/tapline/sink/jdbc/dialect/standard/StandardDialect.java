package dev.tapline.sink.jdbc.dialect.standard;

import dev.tapline.sink.jdbc.dialect.api.ColumnType;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.DialectTraits;
import dev.tapline.sink.jdbc.dialect.api.ParameterType;
import dev.tapline.sink.jdbc.dialect.api.ValueLimit;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import java.sql.Connection;
import java.util.Optional;

/// Any other database: standard SQL, and nothing that the larger ones do not agree on.
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

  @Override
  public ColumnType text(boolean key) {
    return key
        ? ColumnType.text("VARCHAR(" + LONGEST_KEY + ")").within(ValueLimit.length(LONGEST_KEY))
        : ColumnType.text("CLOB");
  }
}
