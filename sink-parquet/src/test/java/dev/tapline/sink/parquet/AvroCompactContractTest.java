package dev.tapline.sink.parquet;

import java.util.Map;

final class AvroCompactContractTest extends FilesContract {
  AvroCompactContractTest() {
    super(Map.of("compact", true, "format", "avro"));
  }
}
