package dev.tapline.cli.descriptor;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class DescriptorSchemaTest {
  private static final String REST =
      ", \"sink\": {\"type\": \"jsonl\", \"path\": \"out\"}, \"streams\": [{\"table\": \"public.*\"}]}";
  private static final String SOURCE = "{\"source\": {\"type\": \"postgres\", \"host\": \"db\"}";

  private final Schema schema =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(DescriptorSchema.of(FakePlugins.all()), InputFormat.JSON);

  @ParameterizedTest
  @ValueSource(
      strings = {
        SOURCE + REST,
        "{\"source\": {\"type\": \"postgres\", \"host\": \"db\", \"port\": \"${env:PORT}\", \"ssh\": {\"key\": \"k\"}}"
            + REST,
        SOURCE
            + ", \"sink\": {\"type\": \"jsonl\", \"path\": \"o\", \"sync\": \"no\", \"color\": \"light-red\", \"tags\": \"a\", \"names\": {\"a\": \"b\"}}, \"streams\": [{\"view\": \"a.b\", \"columns\": {\"exclude\": [\"c\"]}}]}",
        SOURCE
            + ", \"engine\": {\"parallelism\": 8, \"checkpoint\": {\"bytes\": \"64MB\", \"interval\": \"10s\"}}"
            + REST
      })
  void acceptsWhatIsRight(String descriptor) {
    assertThat(errors(descriptor)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SOURCE + "}",
        SOURCE + ", \"stat\": \"x\"" + REST,
        "{\"source\": {\"type\": \"postgres\"}" + REST,
        "{\"source\": {\"host\": \"db\"}" + REST,
        "{\"source\": {\"type\": \"postgers\", \"host\": \"db\"}" + REST,
        "{\"source\": {\"type\": \"postgres\", \"host\": \"db\", \"hots\": 1}" + REST,
        "{\"source\": {\"type\": \"postgres\", \"host\": \"db\", \"port\": 70000}" + REST,
        "{\"source\": {\"type\": \"postgres\", \"host\": \"db\", \"ssh\": {\"kee\": 1}}" + REST,
        SOURCE + ", \"method\": \"INCREMENTAL\"" + REST,
        SOURCE + ", \"engine\": {\"checkpoint\": {\"interval\": \"soon\"}}" + REST,
        SOURCE + ", \"sink\": {\"type\": \"jsonl\", \"path\": \"o\"}, \"streams\": []}",
        SOURCE
            + ", \"sink\": {\"type\": \"jsonl\", \"path\": \"o\"}, \"streams\": [{\"as\": \"x\"}]}",
        SOURCE
            + ", \"sink\": {\"type\": \"jsonl\", \"path\": \"o\", \"color\": \"green\"}, \"streams\": [{\"table\": \"a.b\"}]}",
      })
  void marksWhatIsWrong(String descriptor) {
    assertThat(errors(descriptor)).isNotEmpty();
  }

  private List<String> errors(String descriptor) {
    // It must be JSON itself, or the schema would not be what refuses it.
    new JsonMapper().readTree(descriptor);
    return schema.validate(descriptor, InputFormat.JSON).stream().map(Object::toString).toList();
  }
}
