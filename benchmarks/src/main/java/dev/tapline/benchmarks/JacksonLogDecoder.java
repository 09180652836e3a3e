package dev.tapline.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tapline.source.postgres.codec.FieldDecoder;
import dev.tapline.source.postgres.codec.text.TextDecoders;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// What the source would do with Jackson's streaming parser: columns are found by their names.
final class JacksonLogDecoder {
  private final JsonFactory factory = new JsonFactory();
  private final Batch batch;
  private final Map<String, FieldDecoder> decoders = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private long index;

  JacksonLogDecoder(Batch batch) {
    this.batch = batch;
    for (int i = 0; i < batch.schema().size(); i++) {
      decoders.put(batch.schema().fields().get(i).name(), TextDecoders.of(batch.column(i)));
    }
  }

  Batch batch() {
    return batch;
  }

  void decode(byte[] message) throws IOException {
    int start = message[0] == ',' ? 1 : 0;
    if (message[start] == ']') {
      return;
    }
    boolean rows = false;
    try (JsonParser parser =
        factory.createParser(ObjectReadContext.empty(), message, start, message.length - start)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String key = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (key) {
          case "columns" -> {
            while (parser.nextToken() == JsonToken.START_OBJECT) {
              column(parser);
            }
            rows = true;
          }
          case "columnnames" -> {
            names.clear();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
              names.add(parser.getString());
            }
          }
          case "columnvalues" -> {
            for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
              append(names.get(i), parser);
            }
            rows = true;
          }
          case "change" -> {
            return;
          }
          default -> {
            if (value == JsonToken.START_ARRAY) {
              parser.skipChildren();
            } else {
              parser.getString();
            }
          }
        }
      }
    }
    if (rows) {
      batch.endRow(Change.INSERT, 1, index++, 1, 1);
    }
  }

  private void column(JsonParser parser) throws IOException {
    String name = "";
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = parser.currentName();
      parser.nextToken();
      switch (key) {
        case "name" -> name = parser.getString();
        case "value" -> append(name, parser);
        default -> parser.getIntValue();
      }
    }
  }

  private void append(String name, JsonParser parser) throws IOException {
    FieldDecoder decoder = decoders.get(name);
    if (decoder == null) {
      throw new IOException("no column '" + name + "'");
    }
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      decoder.column().appendNull();
    } else {
      byte[] text = parser.getString().getBytes(UTF_8);
      decoder.decode(text, 0, text.length);
    }
  }
}
