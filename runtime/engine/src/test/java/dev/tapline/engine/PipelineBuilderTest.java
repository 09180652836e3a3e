package dev.tapline.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.engine.method.FullTableProvider;
import dev.tapline.engine.run.EngineFixture;
import dev.tapline.spi.method.ReplicationMethodProvider;
import dev.tapline.spi.sink.SinkProvider;
import dev.tapline.spi.source.SourceProvider;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PipelineBuilderTest {
  private final EngineFixture fakes = new EngineFixture(Path.of("."));

  private final PluginRegistry plugins =
      new PluginRegistry() {
        @Override
        public Optional<SourceProvider> source(String type) {
          return Optional.of(fakes.sourceProvider()).filter(found -> found.name().equals(type));
        }

        @Override
        public Optional<SinkProvider> sink(String type) {
          return Optional.of(fakes.sinkProvider()).filter(found -> found.name().equals(type));
        }

        @Override
        public Optional<ReplicationMethodProvider> method(String name) {
          return name.equals("FULL_TABLE")
              ? Optional.of(new FullTableProvider())
              : Optional.empty();
        }
      };

  @Test
  void makesAPipelineWithTheDefaultsOfADescriptor() {
    Pipeline pipeline =
        new PipelineBuilder("shop", plugins)
            .source("fake", Map.of())
            .sink("fake", Map.of())
            .tables("public.*")
            .build();

    assertThat(pipeline.method()).isEqualTo("FULL_TABLE");
    assertThat(pipeline.engine()).isEqualTo(Pipeline.Engine.DEFAULT);
    assertThat(pipeline.streams())
        .extracting(Pipeline.StreamEntry::pattern)
        .containsExactly("public.*");
  }

  @Test
  void tellsAllThatIsWrongAtOnce() {
    PipelineBuilder builder =
        new PipelineBuilder("my shop", plugins)
            .source("oracle", Map.of())
            .sink("fake", Map.of("colour", "red"))
            .method("SOMETIMES");

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .satisfies(message ->
            assertThat(message.lines())
                .satisfiesExactly(
                    name -> assertThat(name).startsWith("the pipeline's name 'my shop' may hold"),
                    source -> assertThat(source).isEqualTo("there is no source plug-in 'oracle'"),
                    key -> assertThat(key).startsWith("sink.colour: ").contains("unknown key"),
                    streams -> assertThat(streams).startsWith("streams: name one at least"),
                    method ->
                        assertThat(method)
                            .isEqualTo("there is no replication method 'SOMETIMES'")));
  }

  @Test
  void asksForASourceAndASink() {
    assertThatThrownBy(new PipelineBuilder("shop", plugins).tables("public.*")::build)
        .hasMessageContaining("source: choose one with source(type, values)")
        .hasMessageContaining("sink: choose one with sink(type, values)");
  }
}
