package dev.tapline.source.postgres;

import dev.tapline.source.postgres.config.PostgresSourceConfig;
import dev.tapline.source.postgres.config.PostgresSourceOptions;
import dev.tapline.source.postgres.connection.Environment;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigProblem;
import dev.tapline.spi.config.ConfigSpec;
import dev.tapline.spi.source.Source;
import dev.tapline.spi.source.SourceProvider;
import java.util.ArrayList;
import java.util.List;

/// The source `postgres`: PostgreSQL 9.3 and later.
public final class PostgresProvider implements SourceProvider {
  @Override
  public String name() {
    return "postgres";
  }

  @Override
  public List<String> calledElsewhere() {
    return List.of("postgresql", "pg", "pgsql");
  }

  @Override
  public String description() {
    return "Reads the tables and views of PostgreSQL databases.";
  }

  @Override
  public ConfigSpec config() {
    return PostgresSourceOptions.SPEC;
  }

  @Override
  public List<ConfigProblem> validate(Config config) {
    List<ConfigProblem> problems = new ArrayList<>();
    PostgresSourceConfig.read(config, Environment.ofProcess(), problems::add);
    return problems;
  }

  @Override
  public Source create(Config config) {
    List<ConfigProblem> problems = new ArrayList<>();
    PostgresSourceConfig read =
        PostgresSourceConfig.read(config, Environment.ofProcess(), problems::add);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(problems.getFirst().message());
    }
    return new PostgresSource(read);
  }
}
