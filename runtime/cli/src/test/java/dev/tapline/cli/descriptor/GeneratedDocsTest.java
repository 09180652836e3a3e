package dev.tapline.cli.descriptor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.cli.output.KeyReference;
import dev.tapline.engine.method.FullTableProvider;
import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.plugins.Plugin;
import dev.tapline.plugins.PluginKind;
import dev.tapline.spi.Provider;
import dev.tapline.spi.sink.SinkProvider;
import dev.tapline.spi.source.SourceProvider;
import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Keeps what is generated from the declared keys as it would be generated now.
class GeneratedDocsTest {
  private static final Path DOCS = Path.of("..", "..", "docs");
  private static final List<String> SHIPPED =
      List.of("source-postgres", "sink-jsonl", "sink-parquet", "sink-jdbc");

  private static final List<String> PROVIDERS =
      List.of(SourceProvider.class.getName(), SinkProvider.class.getName());

  @Test
  void theReferenceIsCurrent() throws Exception {
    requireCurrent("descriptor.md", KeyReference.markdown(shipped()));
  }

  @Test
  void theSchemaIsCurrent() throws Exception {
    requireCurrent("descriptor.schema.json", DescriptorSchema.of(shipped()));
  }

  private static void requireCurrent(String name, String generated) throws IOException {
    Path file = DOCS.resolve(name);
    if (Boolean.getBoolean("tapline.generate-docs")) {
      Files.createDirectories(DOCS);
      Files.writeString(file, generated);
    }
    assertThat(file).as("docs/%s is missing: run bin/generate-docs", name).exists();
    assertThat(Files.readString(file))
        .as("docs/%s is not what the declared keys say: run bin/generate-docs", name)
        .isEqualTo(generated);
  }

  /// What the distribution ships, found by its modules' declarations: on the class path, where
  /// tests run, a service loader does not see them.
  static LoadedPlugins shipped() throws Exception {
    List<Plugin> plugins = new ArrayList<>();
    FullTableProvider fullTable = new FullTableProvider();
    plugins.add(new Plugin(PluginKind.METHOD, fullTable.name(), fullTable, "", "runtime"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (SHIPPED.stream().anyMatch(entry::contains) && !entry.contains("test")) {
        for (ModuleReference module : ModuleFinder.of(Path.of(entry)).findAll()) {
          add(module.descriptor(), plugins);
        }
      }
    }
    assertThat(plugins).as("the plug-ins on the class path").hasSize(SHIPPED.size() + 1);
    return new LoadedPlugins(plugins, List.of());
  }

  private static void add(ModuleDescriptor module, List<Plugin> plugins) throws Exception {
    for (ModuleDescriptor.Provides provides : module.provides()) {
      PluginKind kind =
          provides.service().equals(SourceProvider.class.getName())
              ? PluginKind.SOURCE
              : PluginKind.SINK;
      if (!PROVIDERS.contains(provides.service())) {
        continue; // a service between the modules of one plug-in
      }
      Provider provider =
          (Provider) Class.forName(provides.providers().getFirst()).getConstructor().newInstance();
      plugins.add(new Plugin(kind, provider.name(), provider, "", ""));
    }
  }
}
