package dev.tapline.cli.descriptor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// Turns YAML into maps, lists and text, and remembers where each of them stood.
///
/// Scalars stay as they are written: the keys say what is a number, and a version `1.10` that
/// someone gives as text must not become `1.1`.
final class YamlDocument {
  // Aliases of aliases can make a small file endless.
  private static final int MOST_NODES = 100_000;
  // ENV_TAG is what the parser gives to a plain ${...}; what that means is decided here.
  private static final Set<Tag> TAGS =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.MAP, Tag.SEQ, Tag.ENV_TAG);

  // A shorter value is replaced only between quotes: it would be found in other words.
  private static final int SHORTEST_UNQUOTED = 4;

  private final DescriptorProblems problems;
  private final VariableReferences references;
  private final Map<List<String>, Reference> resolved = new HashMap<>();
  private final Set<List<String>> unresolved = new HashSet<>();
  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private int nodes;

  YamlDocument(DescriptorProblems problems, VariableReferences references) {
    this.problems = problems;
    this.references = references;
  }

  private record Reference(String written, String value) {}

  /// The document, if it is a mapping; what is wrong is told to the problems.
  Optional<Map<String, @Nullable Object>> read(String text) {
    return read(text, _ -> true);
  }

  /// The same with some keys alone: what the others hold is not looked at, and references there are
  /// not followed.
  Optional<Map<String, @Nullable Object>> read(String text, Predicate<String> wanted) {
    Optional<Node> root = compose(text.startsWith("\uFEFF") ? text.substring(1) : text);
    if (root.isEmpty()) {
      return Optional.empty();
    }
    if (!(root.get() instanceof MappingNode mapping)) {
      problems.add(
          place(root.get()), "a descriptor is a mapping of keys such as 'source:' and 'sink:'");
      return Optional.empty();
    }
    List<NodeTuple> entries =
        mapping.getValue().stream()
            .filter(entry ->
                !(entry.getKeyNode() instanceof ScalarNode key) || wanted.test(key.getValue()))
            .toList();
    return Optional.of(
        mapping(new MappingNode(mapping.getTag(), entries, mapping.getFlowStyle()), List.of()));
  }

  /// Whether the value at a path lacks what a reference in it should have brought, which was
  /// reported.
  boolean isUnresolved(List<String> path) {
    return unresolved.contains(path);
  }

  /// Whether the value at a path refers to what may be another value later.
  boolean mayChange(List<String> path) {
    @Nullable Reference reference = resolved.get(path);
    return reference != null && VariableReferences.mayChange(reference.written());
  }

  /// The value at a path with what its references stand for now.
  String again(List<String> path, Consumer<String> found) {
    @Nullable Reference reference = resolved.get(path);
    if (reference == null) {
      throw new IllegalArgumentException("no reference at " + path);
    }
    return references.resolve(reference.written(), found);
  }

  /// The message with a reference, as it is written, in place of what it stands for: that may be a
  /// secret even where none is meant to be.
  String disguise(List<String> path, String message) {
    Reference reference = resolved.get(path);
    if (reference == null) {
      return message;
    }
    String quoted = message.replace("'" + reference.value() + "'", "'" + reference.written() + "'");
    return reference.value().length() < SHORTEST_UNQUOTED
        ? quoted
        : quoted.replace(reference.value(), reference.written());
  }

  private Optional<Node> compose(String text) {
    try {
      LoadSettings settings =
          LoadSettings.builder()
              .setUseMarks(true)
              // Counted here instead, with a place in the message.
              .setMaxAliasesForCollections(Integer.MAX_VALUE)
              .build();
      Optional<Node> root =
          new Composer(settings, new ParserImpl(settings, new StreamReader(settings, text)))
              .getSingleNode();
      if (root.isEmpty()) {
        problems.add(
            FileLocation.START, "the file is empty; 'runtime init' writes one to begin with");
      }
      return root;
    } catch (MarkedYamlEngineException e) {
      problems.add(
          e.getProblemMark()
              .or(e::getContextMark)
              .map(YamlDocument::place)
              .orElse(FileLocation.START),
          sentence(e));
    } catch (ReaderException e) {
      problems.add(
          placeOf(text, e.getPosition()),
          "the character U+%04X may not stand in YAML".formatted(e.getCodePoint()));
    } catch (YamlEngineException e) {
      problems.add(FileLocation.START, "not YAML: " + e.getMessage());
    }
    return Optional.empty();
  }

  private static String sentence(MarkedYamlEngineException e) {
    String problem = String.valueOf(e.getProblem());
    if (problem.contains("\\t")) {
      return "a tab cannot indent in YAML; use spaces";
    }
    if (String.valueOf(e.getContext()).contains("alias") || problem.contains("undefined alias")) {
      return "'*' at the beginning of a value is an alias in YAML; put the value into quotes, as in table: \"*\"";
    }
    return e.getContext() == null
        ? "not YAML: " + problem
        : "not YAML: " + e.getContext().strip() + ", " + problem;
  }

  private @Nullable Object value(Node node, List<String> path) {
    if (++nodes > MOST_NODES || !open.add(node)) {
      if (nodes <= MOST_NODES + 1) {
        problems.add(place(node), "an alias (*) here contains itself, or far too much");
      }
      nodes = MOST_NODES + 2;
      return null;
    }
    try {
      if (!TAGS.contains(node.getTag())) {
        problems.add(
            place(node),
            "the tag '" + node.getTag().getValue() + "' means nothing here; remove it");
      }
      return switch (node) {
        case MappingNode mapping -> mapping(mapping, path);
        case SequenceNode sequence -> list(sequence, path);
        case ScalarNode scalar -> scalar(scalar, path);
        default -> throw new IllegalStateException("a node of type " + node.getNodeType());
      };
    } finally {
      open.remove(node);
    }
  }

  private Map<String, @Nullable Object> mapping(MappingNode mapping, List<String> path) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        problems.add(place(entry.getKeyNode()), "a key must be text");
        continue;
      }
      List<String> keyPath = child(path, key.getValue());
      if (values.containsKey(key.getValue())) {
        problems.add(
            place(key),
            "the key '"
                + key.getValue()
                + "' was already given on line "
                + firstLine(mapping, key));
        continue;
      }
      problems.place(keyPath, place(key));
      values.put(key.getValue(), value(entry.getValueNode(), keyPath));
    }
    return values;
  }

  private static int firstLine(MappingNode mapping, ScalarNode key) {
    return mapping.getValue().stream()
        .map(NodeTuple::getKeyNode)
        .filter(
            node -> node instanceof ScalarNode earlier && earlier.getValue().equals(key.getValue()))
        .findFirst()
        .map(node -> place(node).line())
        .orElse(1);
  }

  private List<@Nullable Object> list(SequenceNode sequence, List<String> path) {
    List<@Nullable Object> values = new ArrayList<>();
    for (Node element : sequence.getValue()) {
      List<String> elementPath = child(path, String.valueOf(values.size()));
      problems.place(elementPath, place(element));
      values.add(value(element, elementPath));
    }
    return values;
  }

  private @Nullable Object scalar(ScalarNode scalar, List<String> path) {
    String text = scalar.getValue();
    if (scalar.getTag().equals(Tag.NULL) && scalar.getScalarStyle() == ScalarStyle.PLAIN) {
      return null;
    }
    if (!VariableReferences.in(text)) {
      return text;
    }
    String value =
        references.resolve(
            text,
            problem -> {
              unresolved.add(path);
              problems.add(path, place(scalar), problem);
            });
    resolved.put(path, new Reference(text, value));
    return value;
  }

  static List<String> child(List<String> path, String name) {
    return Stream.concat(path.stream(), Stream.of(name)).toList();
  }

  private static FileLocation place(Node node) {
    return node.getStartMark().map(YamlDocument::place).orElse(FileLocation.START);
  }

  private static FileLocation place(Mark mark) {
    return new FileLocation(mark.getLine() + 1, mark.getColumn() + 1);
  }

  private static FileLocation placeOf(String text, int position) {
    String before = text.substring(0, Math.min(Math.max(position, 0), text.length()));
    int lineStart = before.lastIndexOf('\n') + 1;
    return new FileLocation(
        (int) before.chars().filter(c -> c == '\n').count() + 1, before.length() - lineStart + 1);
  }
}
