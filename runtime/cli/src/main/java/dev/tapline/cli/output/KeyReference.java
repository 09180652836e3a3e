package dev.tapline.cli.output;

import dev.tapline.cli.descriptor.DescriptorKeys;
import dev.tapline.cli.descriptor.FlatKey;
import dev.tapline.cli.text.TextTable;
import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.plugins.Plugin;
import dev.tapline.plugins.PluginKind;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigSpec;
import java.util.List;

/// Writes the declared keys down for people.
public final class KeyReference {
  private static final String INTRODUCTION =
      """
      # The descriptor

      <!-- Generated from the declared keys; bin/generate-docs writes it anew. -->

      A descriptor is a YAML file that says what to copy, from where, and to where:

      ```yaml
      source:
        type: postgres
        host: db.example.com
        database: shop
        user: tapline
        password: ${env:PGPASSWORD}
      streams:
        - table: public.*
          exclude: [public.tmp_*]
      sink:
        type: jsonl
        path: out
      ```

      `runtime check pipeline.yaml` tells whether everything is there that a run needs. What is wrong in a
      descriptor is told at once, each with `file:line:column`, before anything else is touched; the exit
      code is then 2.

      **References.** `${env:NAME}` in any value stands for an environment variable, `${file:path}` for the
      content of a file without the line end at its end, as secrets are often handed over. `$${` stands for
      the characters `${` themselves. What is a secret is masked in every message and log.

      **Secrets that are renewed.** The file of a secret is read again for each login, to the source, to the SSH
      server and to a database of the sink. In place of a secret's text there may be a command that writes it to
      its standard output, as in `password: {command: [/usr/local/bin/token, shop]}`: it is run without a shell,
      in the descriptor's folder, for 30 s at the most, and what it writes is used for 20 s.

      **Paths** are relative to the descriptor; `~/` is the user's home.

      **Sizes** have the units `KB`, `MB`, `GB` (powers of 1024), **spans of time** `ms`, `s`, `m`, `h`, `d`.

      **Editors** complete and check a descriptor whose first line is
      `# yaml-language-server: $schema=docs/descriptor.schema.json`. With other plug-ins installed,
      `runtime plugins schema` prints a schema that knows their keys too.
      """;

  private KeyReference() {}

  /// A key of a plug-in, for programs.
  ///
  /// @param name with the sections it is in, as in `checkpoint.interval`
  /// @param type in the words of a reader
  /// @param required whether it has to be given
  /// @param otherwise its default; empty if it has none
  /// @param meaning what it means
  public record Key(String name, String type, boolean required, String otherwise, String meaning) {}

  /// A plug-in's keys.
  public static List<Key> keys(Plugin plugin) {
    return FlatKey.of(plugin.provider().config()).stream()
        .map(key ->
            new Key(
                key.name(),
                key.type(),
                key.key().isRequired(),
                key.key().isRequired() ? "" : key.otherwise(),
                key.key().doc()))
        .toList();
  }

  /// A plug-in's keys as plain text.
  public static String text(Plugin plugin) {
    StringBuilder text =
        new StringBuilder(plugin.kind().label() + " " + plugin.name())
            .append(plugin.version().isEmpty() ? "" : " " + plugin.version())
            .append(": ")
            .append(plugin.provider().description())
            .append('\n');
    if (plugin.provider().config().keys().isEmpty()) {
      return text.append("It has no keys.\n").toString();
    }
    TextTable table = TextTable.of("key", "type", "default", "meaning");
    for (FlatKey key : FlatKey.of(plugin.provider().config())) {
      table.row(key.name(), key.type(), key.otherwise(), key.key().doc());
    }
    return text.append('\n').append(table).toString();
  }

  /// The reference of descriptors, in Markdown.
  public static String markdown(LoadedPlugins plugins) {
    StringBuilder text = new StringBuilder(INTRODUCTION);
    ConfigKey<?> source = DescriptorKeys.source(ConfigSpec.of()).required();
    ConfigKey<?> sink = DescriptorKeys.sink(ConfigSpec.of()).required();
    text.append("\n## Keys\n\n");
    appendTable(
        text,
        ConfigSpec.of(
            DescriptorKeys.NAME,
            source,
            DescriptorKeys.METHOD,
            DescriptorKeys.STREAMS,
            sink,
            DescriptorKeys.STATE,
            DescriptorKeys.ENGINE));
    for (Plugin plugin : plugins.all()) {
      boolean method = plugin.kind() == PluginKind.METHOD;
      text.append(method ? "\n## `method: " : "\n## `" + plugin.kind().label() + ": {type: ")
          .append(plugin.name())
          .append(method ? "`\n\n" : "}`\n\n")
          .append(plugin.provider().description())
          .append('\n');
      if (!plugin.provider().config().keys().isEmpty()) {
        text.append('\n');
        appendTable(text, plugin.provider().config());
      }
    }
    return text.toString();
  }

  private static void appendTable(StringBuilder text, ConfigSpec spec) {
    text.append("| key | type | default | meaning |\n| --- | --- | --- | --- |\n");
    for (FlatKey key : FlatKey.of(spec)) {
      String otherwise = key.otherwise();
      text.append("| `")
          .append(key.name())
          .append("` | ")
          .append(cell(key.type()))
          .append(" | ")
          .append(otherwise.isEmpty() || key.key().isRequired() ? otherwise : "`" + otherwise + "`")
          .append(" | ")
          .append(cell(key.key().doc()))
          .append(" |\n");
    }
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }
}
