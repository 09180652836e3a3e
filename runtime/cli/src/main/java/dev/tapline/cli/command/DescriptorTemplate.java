package dev.tapline.cli.command;

import dev.tapline.cli.text.HumanReadable;
import dev.tapline.engine.select.NamePattern;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.config.SecretText;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A descriptor to begin with, for a database as it was found.
///
/// @param text the descriptor, which holds no secret
/// @param variables the variables that it asks for, each of which holds a secret of the URL
record DescriptorTemplate(String text, List<String> variables) {
  private static final int MOST_LISTED = 40;
  private static final List<String> TIMES_OF_CHANGE =
      List.of("updated_at", "modified_at", "last_modified", "changed_at", "updated", "modified");

  /// @param url where the database is, with or without a password
  static DescriptorTemplate of(String url, Catalog catalog) {
    Map<String, String> secrets = secrets(url);
    StringBuilder text = new StringBuilder();
    text.append("# Written by 'runtime init'. docs/descriptor.md describes every key.\n");
    text.append("source:\n  type: postgres\n");
    text.append(source(SecretText.without(url), secrets));
    text.append(
        """

        # How tables are replicated, unless their entry says otherwise:
        #   FULL_TABLE    every row in each run; replaces what was there in one step
        #   INCREMENTAL   rows whose replication-key has grown since the last run; deletes are not seen
        #   LOG_BASED     every insert, update and delete, from the server's log; see docs/log-based.md
        method: FULL_TABLE

        streams:
        """);
    Map<String, List<Relation>> bySchema =
        catalog.relations().stream()
            .collect(
                Collectors.groupingBy(
                    relation -> relation.name().namespace(), TreeMap::new, Collectors.toList()));
    bySchema.forEach((schema, relations) -> append(text, schema, relations));
    if (bySchema.isEmpty()) {
      text.append("  # The user may read no table yet.\n  - table: public.*\n");
    }
    text.append(
        """

        sink:
          type: jsonl          # 'runtime plugins' lists the others
          path: out            # beside this file
        """);
    return new DescriptorTemplate(text.toString(), List.copyOf(secrets.values()));
  }

  /// The lines by which a shell sets the variables.
  String exports() {
    return variables.stream()
        .map("  export %s=...      what the URL holds is not in the file%n"::formatted)
        .collect(Collectors.joining());
  }

  /// The variable of each key that holds a secret of the URL.
  private static Map<String, String> secrets(String url) {
    Map<String, String> secrets = new TreeMap<>();
    for (String name : SecretText.names(url)) {
      String key = name.toLowerCase(Locale.ROOT);
      secrets.put(key, "PG" + key.toUpperCase(Locale.ROOT));
    }
    if (!SecretText.secrets(url).isEmpty() && secrets.isEmpty()) {
      secrets.put("password", "PGPASSWORD");
    }
    if (url.matches("[a-z]+://[^/@?]*:[^/?]*@.*")) {
      secrets.put("password", "PGPASSWORD");
    }
    return secrets;
  }

  private static String keys(Map<String, String> secrets) {
    return secrets.entrySet().stream()
        .map(secret -> "  %s: ${env:%s}%n".formatted(secret.getKey(), secret.getValue()))
        .collect(Collectors.joining());
  }

  private static String source(String url, Map<String, String> secrets) {
    Optional<URI> simple = simple(url);
    if (simple.isEmpty()) {
      return "  url: " + quoted(url) + "\n" + keys(secrets);
    }
    URI uri = simple.get();
    StringBuilder text = new StringBuilder();
    text.append("  host: ").append(quoted(uri.getHost())).append('\n');
    text.append("  port: ").append(uri.getPort() < 0 ? 5432 : uri.getPort()).append('\n');
    if (uri.getPath() != null && uri.getPath().length() > 1) {
      text.append("  database: ").append(quoted(uri.getPath().substring(1))).append('\n');
    }
    if (uri.getUserInfo() != null) {
      text.append("  user: ").append(quoted(uri.getUserInfo())).append('\n');
    }
    text.append(keys(secrets));
    if (!secrets.containsKey("password")) {
      text.append(
          "  # password: ${file:...}     # or PGPASSWORD in the environment, or ~/.pgpass\n");
    }
    if (uri.getQuery() != null) {
      text.append("  sslmode: ").append(uri.getQuery().substring("sslmode=".length())).append('\n');
    }
    return text.toString();
  }

  // One host, and no parameter but sslmode: what has a key of its own in the descriptor.
  private static Optional<URI> simple(String url) {
    try {
      URI uri = URI.create(url);
      boolean plain =
          uri.getHost() != null
              && (uri.getQuery() == null || uri.getQuery().matches("sslmode=[a-z-]+"));
      return plain ? Optional.of(uri) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // several hosts: libpq's form, which is not RFC 3986's
    }
  }

  private static void append(StringBuilder text, String schema, List<Relation> relations) {
    List<Relation> tables =
        relations.stream().filter(relation -> relation.kind().isTable()).toList();
    List<Relation> views =
        relations.stream().filter(relation -> !relation.kind().isTable()).toList();
    if (!tables.isEmpty()) {
      text.append("  - table: ").append(quoted(NamePattern.word(schema) + ".*")).append('\n');
      text.append("    # exclude: [")
          .append(quoted(NamePattern.word(schema) + ".tmp_*"))
          .append("]\n");
    }
    tables.stream().limit(MOST_LISTED).forEach(table -> append(text, table));
    if (tables.size() > MOST_LISTED) {
      text.append(
          "  # ... and %d more: 'runtime discover'%n".formatted(tables.size() - MOST_LISTED));
    }
    for (Relation view : views.stream().limit(MOST_LISTED).toList()) {
      text.append("  # - view: ")
          .append(quoted(NamePattern.word(schema) + "." + NamePattern.word(view.name().name())))
          .append('\n');
      text.append("  #   primary-key: [...]        # the columns that identify a row\n");
    }
  }

  private static void append(StringBuilder text, Relation table) {
    List<String> facts = new ArrayList<>();
    if (table.estimatedRows() >= 0) {
      facts.add("~" + HumanReadable.count(table.estimatedRows()) + " rows");
    }
    if (table.estimatedBytes() >= 0) {
      facts.add(HumanReadable.bytes(table.estimatedBytes()));
    }
    facts.add(
        table.schema().key().isEmpty()
            ? "no primary key"
            : "key " + String.join(", ", table.schema().key()));
    String name =
        NamePattern.word(table.name().namespace()) + "." + NamePattern.word(table.name().name());
    text.append("  # - table: ")
        .append(quoted(name))
        .append("      # ")
        .append(String.join(", ", facts))
        .append('\n');
    timeOfChange(table)
        .ifPresent(field ->
            text.append("  #   method: INCREMENTAL\n  #   replication-key: [")
                .append(quoted(field))
                .append("]\n"));
  }

  private static Optional<String> timeOfChange(Relation table) {
    return table.schema().fields().stream()
        .filter(field ->
            field.type() == DataType.Scalar.TIMESTAMP
                || field.type() == DataType.Scalar.TIMESTAMP_TZ)
        .map(Field::name)
        .filter(TIMES_OF_CHANGE::contains)
        .findFirst();
  }

  private static String quoted(String text) {
    return text.matches("[A-Za-z_][A-Za-z0-9_.*-]*")
        ? text
        : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
