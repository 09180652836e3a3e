package dev.tapline.files;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/// What the destination itself remembers of a pipeline.
///
/// @param checkpoint the number of the last checkpoint that is in the destination; 0 before the
///   first
/// @param destinations what the pipeline has written there, by destination
public record Marker(long checkpoint, SortedMap<String, Destination> destinations) {
  /// Of a pipeline that has written nothing.
  public static final Marker NONE = new Marker(0, Collections.emptySortedMap());

  private static final JsonFactory JSON = new JsonFactory();
  private static final String CHECKPOINT = "checkpoint";
  private static final String PIPELINE = "pipeline";
  private static final String DESTINATIONS = "destinations";
  private static final String GENERATION = "generation";
  private static final String LENGTH = "length";
  private static final String FORMS = "forms";

  /// A destination as of the checkpoint.
  ///
  /// @param generation the version that people see; 0 when rows were only added
  /// @param length the bytes of the one file; 0 when there is a folder of files
  /// @param forms the forms in which it may be there: one, or, while a commit changes it, those
  ///   before and the next; none when nothing of it is visible yet
  public record Destination(long generation, long length, SortedSet<FileForm> forms) {
    /// Of which nothing is visible.
    public static final Destination NONE = new Destination(0, 0, Collections.emptySortedSet());

    /// Copies the forms.
    public Destination {
      forms = Collections.unmodifiableSortedSet(new TreeSet<>(forms));
    }

    /// A destination of one form.
    public Destination(long generation, long length, FileForm form) {
      this(generation, length, new TreeSet<>(List.of(form)));
    }

    /// Why rows in a form cannot be added to what is there.
    public Optional<String> problemOfAdding(FileForm form) {
      if (forms.isEmpty() || forms.equals(Set.of(form))) {
        return Optional.empty();
      }
      String written = forms.stream().map(FileForm::toString).collect(Collectors.joining(", or "));
      return Optional.of(
          ("rows with %s cannot be added to what was written with %s; set the sink back to that,"
                  + " or give the stream another name with 'as'")
              .formatted(form, written));
    }

    /// The same, before a commit that writes it in a form.
    Destination announcing(FileForm form) {
      SortedSet<FileForm> announced = new TreeSet<>(forms);
      announced.add(form);
      return new Destination(generation, length, announced);
    }
  }

  /// Copies the map.
  public Marker {
    destinations = Collections.unmodifiableSortedMap(new TreeMap<>(destinations));
  }

  /// A destination; [Destination#NONE] when the pipeline has not written it.
  public Destination destination(String name) {
    return destinations.getOrDefault(name, Destination.NONE);
  }

  /// The highest version of all destinations.
  public long highestGeneration() {
    return destinations.values().stream().mapToLong(Destination::generation).max().orElse(0);
  }

  static Marker read(Path file, String pipeline, List<FileForm> known) throws IOException {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      return NONE;
    } catch (IOException e) {
      throw FileErrors.explain("cannot read", file, e);
    }
    Path root = Workspace.parent(Workspace.parent(file));
    return read(text, pipeline, known, file.toString(), root.toString());
  }

  /// Reads a marker's text.
  ///
  /// @param known the forms that the sink has
  /// @param place where the marker is, and `root` the sink's path, for messages
  public static Marker read(
      String text, String pipeline, List<FileForm> known, String place, String root)
      throws IOException {
    try {
      return parse(text, pipeline, known);
    } catch (JacksonException e) {
      throw damaged(place, root, pipeline, syntaxProblem(e), e);
    } catch (IllegalArgumentException e) {
      throw damaged(place, root, pipeline, String.valueOf(e.getMessage()), e);
    }
  }

  private static IOException damaged(
      String place, String root, String pipeline, String problem, RuntimeException cause) {
    return new IOException(
        ("the marker %s, which says how far pipeline '%s' has come here, cannot be understood: %s;"
                + " put it back from a backup, or remove it, the folder %swork/%s, what the pipeline has"
                + " written to %s, and the pipeline's state file: the next run then loads everything anew")
            .formatted(
                place,
                pipeline,
                problem,
                place.substring(0, place.lastIndexOf('/') + 1),
                FileNames.encode(pipeline),
                root),
        cause);
  }

  // The parser's own message is of several lines and speaks of its settings.
  private static String syntaxProblem(JacksonException cause) {
    TokenStreamLocation location = cause.getLocation();
    return cause instanceof UnexpectedEndOfInputException || location == null
        ? "it ends too early"
        : "it is not JSON at line %d, column %d"
            .formatted(location.getLineNr(), location.getColumnNr());
  }

  void write(Path file, String pipeline) throws IOException {
    DurableFiles.replace(file, text(pipeline));
  }

  /// The marker as text.
  public String text(String pipeline) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(readable(), text)) {
      json.writeStartObject();
      json.writeStringProperty(PIPELINE, pipeline);
      json.writeNumberProperty(CHECKPOINT, checkpoint);
      json.writeObjectPropertyStart(DESTINATIONS);
      destinations.forEach((name, destination) -> {
        json.writeObjectPropertyStart(name);
        json.writeNumberProperty(GENERATION, destination.generation());
        json.writeNumberProperty(LENGTH, destination.length());
        json.writeArrayPropertyStart(FORMS);
        destination.forms().forEach(form -> json.writeString(form.encode()));
        json.writeEndArray();
        json.writeEndObject();
      });
      json.writeEndObject();
      json.writeEndObject();
    }
    return text.append('\n').toString();
  }

  private static ObjectWriteContext readable() {
    return new ObjectWriteContext.Base() {
      @Override
      public PrettyPrinter getPrettyPrinter() {
        return new DefaultPrettyPrinter();
      }
    };
  }

  private static Marker parse(String text, String pipeline, List<FileForm> known) {
    long checkpoint = -1;
    String owner = "";
    SortedMap<String, Destination> destinations = new TreeMap<>();
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
      expect(json.nextToken(), JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        JsonToken token = json.nextToken();
        switch (name) {
          case PIPELINE -> owner = json.getString();
          case CHECKPOINT -> checkpoint = json.getLongValue();
          case DESTINATIONS -> {
            expect(token, JsonToken.START_OBJECT);
            readDestinations(json, known, destinations);
          }
          default -> json.skipChildren();
        }
      }
      expect(json.currentToken(), JsonToken.END_OBJECT);
    }
    if (checkpoint < 0) {
      throw new IllegalArgumentException("it names no checkpoint");
    }
    if (!owner.equals(pipeline)) {
      throw new IllegalArgumentException("it belongs to pipeline '" + owner + "'");
    }
    return new Marker(checkpoint, destinations);
  }

  private static void readDestinations(
      JsonParser json, List<FileForm> known, SortedMap<String, Destination> into) {
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String destination = json.currentName();
      expect(json.nextToken(), JsonToken.START_OBJECT);
      long generation = 0;
      long length = 0;
      SortedSet<FileForm> forms = new TreeSet<>();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        JsonToken token = json.nextToken();
        switch (name) {
          case GENERATION -> generation = json.getLongValue();
          case LENGTH -> length = json.getLongValue();
          case FORMS -> {
            expect(token, JsonToken.START_ARRAY);
            while (json.nextToken() == JsonToken.VALUE_STRING) {
              forms.add(FileForm.decode(json.getString(), known));
            }
          }
          default -> json.skipChildren();
        }
      }
      into.put(destination, new Destination(generation, length, forms));
    }
  }

  private static void expect(@Nullable JsonToken found, JsonToken wanted) {
    if (found != wanted) {
      throw new IllegalArgumentException(
          found == null ? "it ends too early" : "it is not of the form that this sink writes");
    }
  }
}
