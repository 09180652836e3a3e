package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Keeps the picture of modules and packages in `docs/ARCHITECTURE.md` as it would be drawn of the
/// jars of the distribution. `-Dtapline.generate-docs=true` draws it.
class ArchitectureIT {
  private static final String TAPLINE = "dev.tapline.";
  private static final Path PAGE = Path.of("..", "..", "docs", "ARCHITECTURE.md");
  private static final String BEGIN = "<!-- generated: modules and packages -->\n```text\n";
  private static final String END = "```\n<!-- end -->\n";

  @Test
  void thePictureIsThatOfTheJars() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END, begin);
    String drawn = picture();

    if (Boolean.getBoolean("tapline.generate-docs")) {
      Files.writeString(PAGE, page.substring(0, begin) + drawn + page.substring(end));
      return;
    }

    assertThat(page.substring(begin, end))
        .as("the picture in docs/ARCHITECTURE.md: run bin/generate-docs")
        .isEqualTo(drawn);
  }

  private static String picture() throws IOException {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, ModuleReference> module : modules().entrySet()) {
      text.append(module.getKey())
          .append(arrow(required(module.getValue().descriptor())))
          .append('\n');
      Map<String, Set<String>> packages =
          packages(Path.of(module.getValue().location().orElseThrow()));
      if (packages.size() > 1) {
        packages.forEach(
            (name, needs) -> text.append("    ").append(name).append(arrow(needs)).append('\n'));
      }
    }
    return text.toString();
  }

  private static String arrow(Set<String> needs) {
    return needs.isEmpty() ? "" : " -> " + String.join(", ", needs);
  }

  private static Map<String, ModuleReference> modules() throws IOException {
    Map<String, ModuleReference> modules = new TreeMap<>();
    try (Stream<Path> files = Files.walk(Path.of("target", "tapline"))) {
      for (Path jar :
          files.filter(file -> file.toString().matches(".*/tapline-[^/]*\\.jar")).toList()) {
        ModuleReference module = ModuleFinder.of(jar).findAll().iterator().next();
        modules.put(shortened(module.descriptor().name()), module);
      }
    }
    assertThat(modules).hasSizeGreaterThanOrEqualTo(12);
    return modules;
  }

  private static Set<String> required(ModuleDescriptor module) {
    return module.requires().stream()
        .map(ModuleDescriptor.Requires::name)
        .filter(name -> name.startsWith(TAPLINE))
        .map(ArchitectureIT::shortened)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Map<String, Set<String>> packages(Path jar) throws IOException {
    Map<String, Set<String>> packages = new TreeMap<>();
    JavaClasses types;
    try (JarFile file = new JarFile(jar.toFile())) {
      // The jar of a plug-in may hold its libraries too.
      types =
          new ClassFileImporter()
              .withImportOption(location -> location.contains("/dev/tapline/"))
              .importJar(file);
    }
    assertThat(types).isNotEmpty();
    for (JavaClass type : types) {
      Set<String> needs =
          packages.computeIfAbsent(shortened(type.getPackageName()), _ -> new TreeSet<>());
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        String other = dependency.getTargetClass().getBaseComponentType().getPackageName();
        if (other.startsWith(TAPLINE) && !other.equals(type.getPackageName())) {
          needs.add(shortened(other));
        }
      }
    }
    Set<String> own = Set.copyOf(packages.keySet());
    packages.values().forEach(needs -> needs.retainAll(own));
    return packages;
  }

  private static String shortened(String name) {
    return name.startsWith(TAPLINE) ? name.substring(TAPLINE.length()) : name;
  }
}
