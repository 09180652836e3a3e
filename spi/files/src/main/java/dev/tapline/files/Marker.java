package dev.tapline.files;

import dev.tapline.files.json.JsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a pipeline has committed, stored beside its data.
///
/// @param checkpoint the number of the last committed checkpoint; 0 before the first
/// @param destinations the destinations that the pipeline has written, by name
public record Marker(long checkpoint, SortedMap<String, Destination> destinations) {
  /// The marker of a pipeline that has written nothing.
  public static final Marker NONE = new Marker(0, Collections.emptySortedMap());

  private static final String CHECKPOINT = "checkpoint";
  private static final String PIPELINE = "pipeline";
  private static final String DESTINATIONS = "destinations";
  private static final String VERSION = "generation";
  private static final String LENGTH = "length";
  private static final String FORMS = "forms";

  /// A destination as of the checkpoint.
  ///
  /// @param version the visible version; 0 if rows were only appended
  /// @param length the length of the single file; 0 for a folder of files
  /// @param forms the forms in which it may exist: one, or the old and the new ones while a commit
  ///   changes it; none if nothing is visible yet
  public record Destination(long version, long length, SortedSet<FileForm> forms) {
    /// A destination of which nothing is visible.
    public static final Destination NONE = new Destination(0, 0, Collections.emptySortedSet());

    /// Copies the forms.
    public Destination {
      forms = Collections.unmodifiableSortedSet(new TreeSet<>(forms));
    }

    /// A destination of one form.
    public Destination(long version, long length, FileForm form) {
      this(version, length, new TreeSet<>(List.of(form)));
    }

    /// Why rows in a form cannot be appended, or empty.
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

    /// This destination as announced before a commit that writes it in a form.
    Destination announcing(FileForm form) {
      SortedSet<FileForm> announced = new TreeSet<>(forms);
      announced.add(form);
      return new Destination(version, length, announced);
    }
  }

  /// Copies the map.
  public Marker {
    destinations = Collections.unmodifiableSortedMap(new TreeMap<>(destinations));
  }

  /// A destination; [Destination#NONE] if the pipeline has not written it.
  public Destination destination(String name) {
    return destinations.getOrDefault(name, Destination.NONE);
  }

  /// The highest version of all destinations.
  public long highestVersion() {
    return destinations.values().stream().mapToLong(Destination::version).max().orElse(0);
  }

  /// Rejects a checkpoint that is older than the data.
  ///
  /// @param address the address of the marker, for the message
  /// @throws IOException if a later checkpoint was committed
  public void requireNotBefore(long number, String address) throws IOException {
    if (number < checkpoint) {
      throw new IOException(
          "checkpoint %d comes after checkpoint %d, which %s says is in place; is the state older than the data?"
              .formatted(number, checkpoint, address));
    }
  }

  /// Rejects appending rows in another form than the destination has.
  ///
  /// @throws IOException if the destination has another form
  public void requireForm(String destination, FileForm form) throws IOException {
    Optional<String> problem = destination(destination).problemOfAdding(form);
    if (problem.isPresent()) {
      throw new IOException("destination '%s': %s".formatted(destination, problem.get()));
    }
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

  /// Parses a marker.
  ///
  /// @param known the forms that the sink has
  /// @param address the address of the marker for messages, as `root` is the sink's path
  public static Marker read(
      String text, String pipeline, List<FileForm> known, String address, String root)
      throws IOException {
    try {
      return parse(text, pipeline, known);
    } catch (IllegalArgumentException e) {
      throw damaged(address, root, pipeline, e);
    }
  }

  private static IOException damaged(
      String address, String root, String pipeline, IllegalArgumentException cause) {
    return new IOException(
        ("the marker %s, which says how far pipeline '%s' has come here, cannot be understood: %s;"
                + " put it back from a backup, or remove it, the folder %swork/%s, what the pipeline has"
                + " written to %s, and the pipeline's state file: the next run then loads everything anew")
            .formatted(
                address,
                pipeline,
                cause.getMessage(),
                address.substring(0, address.lastIndexOf('/') + 1),
                FileNames.encode(pipeline),
                root),
        cause);
  }

  void write(Path file, String pipeline) throws IOException {
    DurableFiles.replace(file, text(pipeline));
  }

  /// The marker as text.
  public String text(String pipeline) {
    return JsonCodec.writeIndented(json -> {
      json.writeStringProperty(PIPELINE, pipeline);
      json.writeNumberProperty(CHECKPOINT, checkpoint);
      json.writeObjectPropertyStart(DESTINATIONS);
      destinations.forEach((name, destination) -> {
        json.writeObjectPropertyStart(name);
        json.writeNumberProperty(VERSION, destination.version());
        json.writeNumberProperty(LENGTH, destination.length());
        json.writeArrayPropertyStart(FORMS);
        destination.forms().forEach(form -> json.writeString(form.encode()));
        json.writeEndArray();
        json.writeEndObject();
      });
      json.writeEndObject();
    })
        + '\n';
  }

  private static Marker parse(String text, String pipeline, List<FileForm> known) {
    Map<String, @Nullable Object> marker = JsonCodec.read(text);
    long checkpoint = JsonCodec.number(marker, CHECKPOINT, -1);
    if (checkpoint < 0) {
      throw new IllegalArgumentException("it names no checkpoint");
    }
    Object owner = marker.getOrDefault(PIPELINE, "");
    if (!pipeline.equals(owner)) {
      throw new IllegalArgumentException("it belongs to pipeline '" + owner + "'");
    }
    SortedMap<String, Destination> destinations = new TreeMap<>();
    JsonCodec.object(marker, DESTINATIONS)
        .forEach((name, value) ->
            destinations.put(name, parseDestination(JsonCodec.asObject(value), known)));
    return new Marker(checkpoint, destinations);
  }

  // Markers of the first releases have no forms.
  private static Destination parseDestination(
      Map<String, @Nullable Object> properties, List<FileForm> known) {
    SortedSet<FileForm> forms = new TreeSet<>();
    for (String form : JsonCodec.texts(properties, FORMS)) {
      forms.add(FileForm.decode(form, known));
    }
    return new Destination(
        JsonCodec.number(properties, VERSION, 0), JsonCodec.number(properties, LENGTH, 0), forms);
  }
}
