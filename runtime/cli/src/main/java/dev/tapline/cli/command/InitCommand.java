package dev.tapline.cli.command;

import dev.tapline.cli.logging.Secrets;
import dev.tapline.cli.options.UsageException;
import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigProblem;
import dev.tapline.spi.config.SecretText;
import dev.tapline.spi.source.Source;
import dev.tapline.spi.source.SourceProvider;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `runtime init`.
@Command(
    name = "init",
    description = {
      "Looks at a database and writes a descriptor for it, with comments, to begin with.",
      "A password in the URL is used, and not written down."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  runtime init postgresql://tapline@db.example.com/shop",
      "  runtime init --output shop.yaml postgresql://tapline@localhost:5433/shop?sslmode=require",
      "  runtime init --output - postgresql://tapline@localhost/shop"
    })
public final class InitCommand implements Callable<Integer> {
  private static final String STANDARD_OUTPUT = "-";
  private static final String SOURCE = "postgres";

  private final CommandContext context;

  @Parameters(paramLabel = "URL", description = "Where the database is.")
  private String url = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      defaultValue = "pipeline.yaml",
      description = "The file to write; - for standard output. Default: pipeline.yaml.")
  private String output = "pipeline.yaml";

  @Option(names = "--force", description = "Replace the file if there is one.")
  private boolean force;

  public InitCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path file = Path.of(output);
    boolean toFile = !output.equals(STANDARD_OUTPUT);
    if (toFile && !force && Files.exists(file)) {
      throw taken(file, null);
    }
    SecretText.secrets(url).forEach(Secrets::add);
    LoadedPlugins plugins = context.plugins();
    SourceProvider provider =
        plugins
            .source(SOURCE)
            .orElseThrow(() -> new IOException("there is no source plug-in '" + SOURCE + "'"));
    Catalog catalog;
    try (Source source = provider.create(config(provider))) {
      catalog = source.discover();
    }
    DescriptorTemplate blueprint = DescriptorTemplate.of(url, catalog);
    if (!toFile) {
      context.out().print(blueprint.text());
      return 0;
    }
    write(file, blueprint.text());
    context
        .out()
        .printf(
            "%s: %d tables and views. Look at it, then:%n%n%s  runtime check %s%n  runtime run %s%n",
            file, catalog.relations().size(), blueprint.exports(), file, file);
    return 0;
  }

  private void write(Path file, String text) throws IOException {
    try {
      if (force) {
        Files.writeString(file, text);
      } else {
        Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      }
    } catch (FileAlreadyExistsException e) {
      throw taken(file, e);
    }
  }

  private static UsageException taken(Path file, @Nullable Exception e) {
    UsageException taken =
        new UsageException(
            "there is a file '%s' already; name another one with --output, or replace it with --force"
                .formatted(file));
    if (e != null) {
      taken.initCause(e);
    }
    return taken;
  }

  private Config config(SourceProvider provider) throws UsageException {
    List<ConfigProblem> problems = new ArrayList<>();
    Config config =
        provider.config().parse(Map.of("url", url), Path.of("").toAbsolutePath(), problems::add);
    if (problems.isEmpty()) {
      problems.addAll(provider.validate(config));
    }
    if (!problems.isEmpty()) {
      throw new UsageException(problems.getFirst().message());
    }
    return config;
  }
}
