package dev.tapline.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.spi.batch.Batch;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Keeps `spi/api/public-api.txt` as `javap -protected` lists the exported packages: a change of
/// what plug-ins are compiled against is seen in a review, and never made by the way.
/// `-Dtapline.generate-docs=true` writes it anew.
class PublicApiTest {
  private static final Path LISTED = Path.of("public-api.txt");
  private static final Path CLASSES = Path.of("target", "classes");

  @Test
  void isAsItIsListed() throws IOException {
    String api = api();

    if (Boolean.getBoolean("tapline.generate-docs")) {
      Files.writeString(LISTED, api);
      return;
    }

    assertThat(api)
        .as(
            "the public API, which spi/api/public-api.txt lists: if the change is meant, say it in CHANGELOG.md, under 'For authors of plug-ins', and run bin/generate-docs")
        .isEqualTo(Files.readString(LISTED));
  }

  private static String api() throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-protected", "-constants"));
    List<String> packages =
        Batch.class.getModule().getDescriptor().exports().stream()
            .filter(exported -> !exported.isQualified())
            .map(ModuleDescriptor.Exports::source)
            .sorted()
            .toList();
    for (String exported : packages) {
      try (Stream<Path> files = Files.list(CLASSES.resolve(exported.replace('.', '/')))) {
        files
            .map(Path::toString)
            .filter(file -> file.endsWith(".class") && !file.endsWith("package-info.class"))
            .sorted()
            .forEach(arguments::add);
      }
    }
    StringWriter printed = new StringWriter();
    PrintWriter out = new PrintWriter(printed);
    int code =
        ToolProvider.findFirst("javap")
            .orElseThrow()
            .run(out, out, arguments.toArray(String[]::new));
    assertThat(code).as(printed.toString()).isZero();
    return withoutWhatIsNotPublic(printed.toString());
  }

  // javap prints a class whole; one that is not public is nobody's business.
  private static String withoutWhatIsNotPublic(String printed) {
    StringBuilder listed = new StringBuilder();
    boolean shown = false;
    for (String line : printed.lines().toList()) {
      if (line.startsWith("Compiled from ")) {
        continue;
      }
      if (!line.startsWith(" ") && !line.equals("}")) {
        shown = line.startsWith("public ") || line.startsWith("protected ");
      }
      if (shown) {
        listed.append(line).append('\n');
      }
    }
    return listed.toString();
  }
}
