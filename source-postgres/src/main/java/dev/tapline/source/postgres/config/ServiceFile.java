package dev.tapline.source.postgres.config;

import dev.tapline.source.postgres.connection.Environment;
import dev.tapline.spi.config.Nearest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads connection service files (`pg_service.conf`): named sections of parameters. The parser of
/// pgjdbc takes the file only from the process, and refuses parameters that pgjdbc does not know.
final class ServiceFile {
  private static final List<Path> OF_THE_SYSTEM =
      List.of(Path.of("/etc/postgresql-common"), Path.of("/etc"));
  private static final String NAME = "pg_service.conf";

  private ServiceFile() {}

  /// Offers what the service says.
  static void offer(
      ConnectionParameters.Value service,
      Environment environment,
      ConnectionParameters parameters) {
    List<String> known = new ArrayList<>();
    List<Path> files = files(environment);
    for (Path file : files) {
      Map<String, Map<String, String>> sections = new LinkedHashMap<>();
      try {
        sections.putAll(sections(Files.readAllLines(file)));
      } catch (IOException e) {
        parameters.problem(service, "the service file " + file + " cannot be read: " + e);
        return;
      }
      Map<String, String> found = sections.get(service.text());
      if (found != null) {
        found.forEach((name, text) -> offer(name, text, file, service, parameters));
        return;
      }
      known.addAll(sections.keySet());
    }
    parameters.problem(
        service,
        "there is no service '%s' (of %s) in %s%s"
            .formatted(
                service.text(),
                service.origin(),
                files.isEmpty()
                    ? environment.home().resolve(".pg_service.conf") + ", which is not there"
                    : String.join(", ", files.stream().map(Path::toString).toList()),
                Nearest.hint(service.text(), known)));
  }

  private static void offer(
      String name,
      String text,
      Path file,
      ConnectionParameters.Value service,
      ConnectionParameters parameters) {
    if (name.equals("service")) {
      parameters.problem(
          service,
          "the service '%s' in %s names another service; write its parameters out"
              .formatted(service.text(), file));
    } else if (ConnectionParameters.VARIABLES.containsKey(name)) {
      parameters.offer(
          name,
          new ConnectionParameters.Value(
              text, "the service's %s (in %s)".formatted(name, file), service.path()));
    } else {
      parameters.problem(
          service,
          "the service '%s' in %s has the parameter '%s', which is unknown%s"
              .formatted(
                  service.text(),
                  file,
                  name,
                  Nearest.hint(name, ConnectionParameters.VARIABLES.keySet())));
    }
  }

  // The user's file wins over that of the system.
  private static List<Path> files(Environment environment) {
    List<Path> candidates = new ArrayList<>();
    candidates.add(
        environment
            .variable("PGSERVICEFILE")
            .map(Path::of)
            .orElse(environment.home().resolve(".pg_service.conf")));
    Optional<Path> folder = environment.variable("PGSYSCONFDIR").map(Path::of);
    folder.map(List::of).orElse(OF_THE_SYSTEM).forEach(path -> candidates.add(path.resolve(NAME)));
    return candidates.stream().filter(Files::exists).toList();
  }

  private static Map<String, Map<String, String>> sections(List<String> lines) {
    Map<String, Map<String, String>> sections = new LinkedHashMap<>();
    Map<String, String> current = new LinkedHashMap<>();
    for (String line : lines) {
      String text = line.strip();
      int equals = text.indexOf('=');
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      if (text.startsWith("[") && text.endsWith("]")) {
        current = new LinkedHashMap<>();
        // As in libpq, the first of two sections of one name counts.
        sections.putIfAbsent(text.substring(1, text.length() - 1), current);
      } else if (equals > 0) {
        current.putIfAbsent(text.substring(0, equals).strip(), text.substring(equals + 1).strip());
      } else {
        current.putIfAbsent(text, "");
      }
    }
    return sections;
  }
}
