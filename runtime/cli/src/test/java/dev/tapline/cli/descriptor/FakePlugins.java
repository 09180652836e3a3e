package dev.tapline.cli.descriptor;

import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.plugins.Plugin;
import dev.tapline.plugins.PluginKind;
import dev.tapline.spi.Provider;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigProblem;
import dev.tapline.spi.config.ConfigSpec;
import dev.tapline.spi.config.Secret;
import dev.tapline.spi.method.ReplicationMethod;
import dev.tapline.spi.method.ReplicationMethodProvider;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkContext;
import dev.tapline.spi.sink.SinkProvider;
import dev.tapline.spi.source.Source;
import dev.tapline.spi.source.SourceProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Plug-ins that declare keys of every type, and do nothing.
final class FakePlugins {
  enum Color {
    LIGHT_RED,
    BLUE
  }

  static final ConfigKey<String> HOST = ConfigKey.string("host").required().doc("The host.");
  static final ConfigKey<Long> PORT =
      ConfigKey.integer("port").range(1, 65535).withDefault(5432L).doc("The port.");
  static final ConfigKey<Secret> PASSWORD = ConfigKey.secret("password").doc("The password.");
  static final ConfigKey<String> URL = ConfigKey.string("url").doc("The address.");
  static final ConfigKey<Secret> KEY = ConfigKey.secret("key").doc("The key.");
  static final ConfigKey<Config> SSH = ConfigKey.section("ssh", ConfigSpec.of(KEY)).doc("A way.");
  static final ConfigKey<Path> PATH = ConfigKey.path("path").required().doc("The folder.");
  static final ConfigKey<Boolean> SYNC = ConfigKey.bool("sync").withDefault(true).doc("Safely?");
  static final ConfigKey<Color> COLOR =
      ConfigKey.choice("color", Color.class).withDefault(Color.BLUE).doc("The color.");
  static final ConfigKey<List<String>> TAGS = ConfigKey.strings("tags").doc("Words.");
  static final ConfigKey<Map<String, String>> NAMES = ConfigKey.map("names").doc("Names.");

  private FakePlugins() {}

  static LoadedPlugins all() {
    return new LoadedPlugins(
        List.of(
            plugin(PluginKind.SOURCE, new FakeSource()),
            plugin(PluginKind.SINK, new FakeSink()),
            plugin(PluginKind.METHOD, new FakeMethod())),
        List.of());
  }

  private static Plugin plugin(PluginKind kind, Provider provider) {
    return new Plugin(kind, provider.name(), provider, "1.0", "test");
  }

  static final class FakeSource implements SourceProvider {
    @Override
    public String name() {
      return "postgres";
    }

    @Override
    public String description() {
      return "A source.";
    }

    @Override
    public ConfigSpec config() {
      return ConfigSpec.of(HOST, PORT, PASSWORD, URL, SSH);
    }

    @Override
    public List<ConfigProblem> validate(Config config) {
      String host = config.get(HOST);
      return host.contains(":")
          ? List.of(new ConfigProblem(HOST, "'" + host + "' holds a port; give it as 'port'"))
          : List.of();
    }

    @Override
    public Source create(Config config) {
      throw new UnsupportedOperationException();
    }
  }

  static final class FakeSink implements SinkProvider {
    @Override
    public String name() {
      return "jsonl";
    }

    @Override
    public String description() {
      return "A sink.";
    }

    @Override
    public ConfigSpec config() {
      return ConfigSpec.of(PATH, SYNC, COLOR, TAGS, NAMES);
    }

    @Override
    public Sink create(Config config, SinkContext context) {
      throw new UnsupportedOperationException();
    }
  }

  static final class FakeMethod implements ReplicationMethodProvider {
    @Override
    public String name() {
      return "FULL_TABLE";
    }

    @Override
    public String description() {
      return "A method.";
    }

    @Override
    public ConfigSpec config() {
      return ConfigSpec.of();
    }

    @Override
    public ReplicationMethod create(Config config) {
      throw new UnsupportedOperationException();
    }
  }
}
