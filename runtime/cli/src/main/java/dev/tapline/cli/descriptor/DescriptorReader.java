package dev.tapline.cli.descriptor;

import dev.tapline.plugins.LoadedPlugins;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Reads descriptors. Everything that is wrong with one is told at once, and before anything but
/// the descriptor, and the files it refers to, is touched.
public final class DescriptorReader {
  private final LoadedPlugins plugins;
  private final Map<String, String> environment;

  /// @param plugins what `type` and `method` can mean
  /// @param environment what `${env:NAME}` can mean
  public DescriptorReader(LoadedPlugins plugins, Map<String, String> environment) {
    this.plugins = plugins;
    this.environment = environment;
  }

  /// Reads a descriptor and checks it as far as that is possible without the source and the sink.
  ///
  /// The secrets in it are known to [dev.tapline.cli.logging.Secrets] afterwards, also when it is
  /// refused.
  ///
  /// @param file the file; messages call it by this path
  /// @throws DescriptorException that lists everything that is wrong
  public Descriptor read(Path file) throws DescriptorException {
    return read(file, UnaryOperator.identity());
  }

  /// The same for a file that says only a part of it.
  ///
  /// @param completion adds the rest to the values that the file has: maps, lists and text. What is
  ///   wrong with what it adds is told at the place in the file where it would stand
  public Descriptor read(Path file, UnaryOperator<Map<String, @Nullable Object>> completion)
      throws DescriptorException {
    DescriptorProblems problems = new DescriptorProblems(file.toString());
    String text = content(file, problems);
    problems.throwIfAny();
    Path absolute = file.toAbsolutePath().normalize();
    return new DescriptorReading(plugins, environment, absolute, problems)
        .descriptor(text, completion);
  }

  static String content(Path file, DescriptorProblems problems) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      problems.add(
          FileLocation.START, "there is no such file; 'runtime init' writes one to begin with");
    } catch (CharacterCodingException e) {
      problems.add(FileLocation.START, "the file is not UTF-8 text; save it as UTF-8");
    } catch (IOException e) {
      problems.add(
          FileLocation.START,
          Files.isDirectory(file)
              ? "this is a folder; give the path of the descriptor in it"
              : "the file cannot be read: " + e.getMessage());
    }
    return "";
  }
}
