package dev.tapline.source.postgres.config;

import dev.tapline.source.postgres.connection.Environment;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigProblem;
import dev.tapline.spi.config.Secret;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The parameters of a connection by their libpq names. Each comes from the first place that sets
/// it: the descriptor (its keys, or its `url`), a service file, the environment.
final class ConnectionParameters {
  /// The parameters that are understood, with the environment variables that stand for them.
  static final Map<String, String> VARIABLES = variables();

  private final Map<String, Value> values = new LinkedHashMap<>();
  private final Consumer<ConfigProblem> problems;

  ConnectionParameters(Consumer<ConfigProblem> problems) {
    this.problems = problems;
  }

  /// A parameter's value.
  ///
  /// @param text what it says
  /// @param origin where it is from, as messages name it: `the url's port`, `PGPORT`
  /// @param path the descriptor's keys to point at, if it is from there
  /// @param secret the value where it may be another one later
  record Value(String text, String origin, List<String> path, Optional<Secret> secret) {
    Value(String text, String origin, List<String> path) {
      this(text, origin, path, Optional.empty());
    }

    /// The same value, which may be another one later.
    Value from(Secret renewed) {
      return new Value(text, origin, path, Optional.of(renewed));
    }

    /// The value as a secret.
    Secret asSecret() {
      return secret.orElseGet(() -> new Secret(text));
    }
  }

  private static Map<String, String> variables() {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("host", "PGHOST");
    variables.put("hostaddr", "PGHOSTADDR");
    variables.put("port", "PGPORT");
    variables.put("dbname", "PGDATABASE");
    variables.put("user", "PGUSER");
    variables.put("password", "PGPASSWORD");
    variables.put("passfile", "PGPASSFILE");
    variables.put("service", "PGSERVICE");
    variables.put("sslmode", "PGSSLMODE");
    variables.put("sslrootcert", "PGSSLROOTCERT");
    variables.put("sslcert", "PGSSLCERT");
    variables.put("sslkey", "PGSSLKEY");
    variables.put("sslpassword", "");
    variables.put("sslsni", "PGSSLSNI");
    variables.put("sslcrl", "PGSSLCRL");
    variables.put("gssencmode", "PGGSSENCMODE");
    variables.put("channel_binding", "PGCHANNELBINDING");
    variables.put("target_session_attrs", "PGTARGETSESSIONATTRS");
    variables.put("connect_timeout", "PGCONNECT_TIMEOUT");
    variables.put("application_name", "PGAPPNAME");
    variables.put("options", "PGOPTIONS");
    variables.put("fallback_application_name", "");
    variables.put("client_encoding", "PGCLIENTENCODING");
    variables.put("keepalives", "");
    variables.put("keepalives_idle", "");
    variables.put("keepalives_interval", "");
    variables.put("keepalives_count", "");
    variables.put("tcp_user_timeout", "");
    return variables;
  }

  /// Takes a value, unless an earlier place has given one.
  void offer(String name, Value value) {
    values.putIfAbsent(name, value);
  }

  /// Takes a value in place of the one that there is.
  void replace(String name, Value value) {
    values.put(name, value);
  }

  /// Takes a key's value, if the descriptor has it.
  void offer(String name, ConfigKey<?> key, @Nullable String text) {
    if (text != null) {
      offer(name, new Value(text, "'" + key.name() + "'", List.of(key.name())));
    }
  }

  /// Takes from the environment what has not been set so far.
  void offerVariables(Environment environment) {
    // A host that was chosen elsewhere is not to be overruled by an address for another one.
    boolean addressed = values.containsKey("host") || values.containsKey("hostaddr");
    VARIABLES.forEach((name, variable) -> {
      if (!(addressed && name.equals("hostaddr"))) {
        environment
            .variable(variable)
            .ifPresent(text -> offer(name, new Value(text, variable, List.of())));
      }
    });
  }

  Optional<Value> find(String name) {
    return Optional.ofNullable(values.get(name));
  }

  Optional<String> text(String name) {
    return find(name).map(Value::text);
  }

  void problem(Value value, String message) {
    problems.accept(new ConfigProblem(value.path(), message));
  }

  void problem(List<String> path, String message) {
    problems.accept(new ConfigProblem(path, message));
  }
}
