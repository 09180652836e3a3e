package dev.tapline.cli.command;

import dev.tapline.cli.descriptor.DescriptorException;
import dev.tapline.cli.logging.Secrets;
import dev.tapline.cli.options.GlobalOptions;
import dev.tapline.cli.options.UsageException;
import dev.tapline.engine.PluginFault;
import dev.tapline.engine.failure.HeapExhaustion;
import dev.tapline.spi.config.Nearest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Says what went wrong, in a sentence and an exit code; with `--debug`, in a stack trace too.
public final class ErrorReporter implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private static final int FAILED = 1;
  private static final int INTERRUPTED = 130;

  private static final Pattern GROUP =
      Pattern.compile(
          "Missing required argument \\(specify one of these\\): \\((.*)\\)", Pattern.DOTALL);
  private static final Pattern VALUE =
      Pattern.compile(
          "Invalid value for (?:option|positional parameter at index \\d+) [('](.*)[)']: expected one of \\[(.*)] \\(case-insensitive\\) but was '(.*)'");

  private final GlobalOptions options;

  public ErrorReporter(GlobalOptions options) {
    this.options = options;
  }

  @Override
  public int handleParseException(ParameterException thrown, String[] arguments) {
    PrintWriter err = thrown.getCommandLine().getErr();
    String command = thrown.getCommandLine().getCommandSpec().qualifiedName();
    err.println(command + ": " + Secrets.mask(sentence(thrown)));
    err.println("'" + command + " --help' shows what is possible.");
    // The options were not parsed to their end, so --debug is looked for in the words.
    trace(thrown, err, Arrays.asList(arguments).contains("--debug"));
    err.flush();
    return ExitCode.USAGE;
  }

  @Override
  public int handleExecutionException(Exception thrown, CommandLine line, ParseResult parsed) {
    PrintWriter err = line.getErr();
    err.println(Secrets.mask(sentence(thrown)));
    trace(thrown, err, options.debug());
    err.flush();
    return switch (thrown) {
      case DescriptorException e -> ExitCode.USAGE;
      case UsageException e -> ExitCode.USAGE;
      case InterruptedException e -> INTERRUPTED;
      default -> FAILED;
    };
  }

  private static String sentence(ParameterException thrown) {
    if (!(thrown instanceof UnmatchedArgumentException unmatched)) {
      return plain(String.valueOf(thrown.getMessage()));
    }
    String argument = unmatched.getUnmatched().getFirst();
    CommandSpec command = thrown.getCommandLine().getCommandSpec();
    if (argument.startsWith("-")) {
      String option = argument.replaceFirst("=.*", "");
      return "unknown option '"
          + option
          + "'"
          + Nearest.hint(option, command.optionsMap().keySet());
    }
    return command.subcommands().isEmpty()
        ? "one argument too many: '" + argument + "'"
        : "unknown command '"
            + argument
            + "'"
            + Nearest.hint(argument, command.subcommands().keySet());
  }

  // In the form of all other messages.
  private static String plain(String message) {
    String sentence = message.replaceFirst("^Error: ", "");
    Matcher group = GROUP.matcher(sentence);
    if (group.matches()) {
      return "it wants one of " + group.group(1);
    }
    Matcher value = VALUE.matcher(sentence);
    if (value.matches()) {
      return "%s: '%s' is none of %s"
          .formatted(value.group(1), value.group(3), value.group(2).toLowerCase(Locale.ROOT));
    }
    return sentence.isEmpty()
        ? sentence
        : sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
  }

  private String sentence(Exception thrown) {
    return switch (thrown) {
      // Its lines begin with file, line and column, for editors to jump to.
      case DescriptorException e -> e.problems().stream().collect(Collectors.joining("\n"));
      case Exception e when HeapExhaustion.isFull(e) -> "runtime: " + HeapExhaustion.sentence(e);
      case IOException e -> "runtime: " + (e.getMessage() == null ? e : e.getMessage());
      case PluginFault e -> "runtime: " + e.getMessage();
      case InterruptedException e -> "runtime: interrupted";
      default ->
          "runtime: an error inside Tapline: "
              + (thrown instanceof ExecutionException e && e.getCause() != null
                  ? e.getCause()
                  : thrown)
              + (options.debug() ? "" : "; run it again with --debug, and report what it shows");
    };
  }

  private static void trace(Exception thrown, PrintWriter err, boolean wanted) {
    if (wanted) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      err.print(Secrets.mask(trace.toString()));
    }
  }
}
