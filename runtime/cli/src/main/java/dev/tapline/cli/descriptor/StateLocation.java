package dev.tapline.cli.descriptor;

import dev.tapline.engine.Pipeline;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigProblem;
import dev.tapline.spi.config.ConfigSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where a pipeline keeps its state, its reports and its logs: all that has to be known of a
/// descriptor to look at what was.
///
/// @param pipeline the pipeline's name
/// @param folder the folder, absolute
public record StateLocation(String pipeline, Path folder) {
  private static final ConfigSpec KEYS = ConfigSpec.of(DescriptorKeys.NAME, DescriptorKeys.STATE);

  /// Reads `name` and `state` of a descriptor and nothing else: no plug-in is needed, no reference
  /// of another key is followed, and no secret is asked for.
  ///
  /// @param file the file; messages call it by this path
  /// @param environment what `${env:NAME}` can mean
  /// @throws DescriptorException if the file is no YAML, or one of the two is wrong
  public static StateLocation read(Path file, Map<String, String> environment) throws IOException {
    DescriptorProblems problems = new DescriptorProblems(file.toString());
    String text = DescriptorReader.content(file, problems);
    problems.throwIfAny();
    Path absolute = file.toAbsolutePath().normalize();
    Path folder = absolute.resolveSibling("");
    YamlDocument yaml = new YamlDocument(problems, new VariableReferences(environment, folder));
    Optional<Map<String, @Nullable Object>> values =
        yaml.read(text, key -> KEYS.keys().stream().anyMatch(known -> known.name().equals(key)));
    Consumer<ConfigProblem> report =
        problem -> {
          if (!yaml.isUnresolved(problem.path())) {
            problems.add(problem.path(), yaml.disguise(problem.path(), problem.message()));
          }
        };
    Config config = KEYS.parse(values.orElse(Map.of()), folder, report);
    String name = name(config, absolute, report);
    problems.throwIfAny();
    return new StateLocation(name, folder.resolve(config.get(DescriptorKeys.STATE)));
  }

  /// What a pipeline is called: as it says, or like its file.
  static String name(Config root, Path file, Consumer<ConfigProblem> problems) {
    String fileName = String.valueOf(file.getFileName());
    int dot = fileName.lastIndexOf('.');
    String ofFile = dot > 0 ? fileName.substring(0, dot) : fileName;
    String name = root.find(DescriptorKeys.NAME).orElse(ofFile);
    Pipeline.problemOfName(name)
        .ifPresent(problem ->
            problems.accept(new ConfigProblem(DescriptorKeys.NAME, problem + "; set 'name'")));
    return name;
  }
}
