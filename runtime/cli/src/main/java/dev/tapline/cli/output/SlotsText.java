package dev.tapline.cli.output;

import dev.tapline.cli.text.HumanReadable;
import dev.tapline.cli.text.Json;
import dev.tapline.cli.text.TextTable;
import dev.tapline.engine.select.StreamLabels;
import dev.tapline.engine.state.PipelineState;
import dev.tapline.engine.state.PositionText;
import dev.tapline.engine.state.StreamState;
import dev.tapline.spi.source.Slot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes replication slots down.
public final class SlotsText {
  private static final int FEW = 5;

  private SlotsText() {}

  /// A line a slot, and where the pipeline's streams stand: the one furthest behind is what its
  /// slot is kept for.
  public static String table(List<Slot> slots, PipelineState state) {
    if (slots.isEmpty()) {
      return "there is no replication slot\n" + places(state);
    }
    TextTable table =
        TextTable.of(
            "slot", "database", "plug-in", "reader", ">PID", "confirmed", ">held", "status");
    for (Slot slot : slots) {
      table.row(
          slot.name(),
          slot.database(),
          slot.plugin(),
          slot.own() ? "this pipeline" : "",
          slot.activePid().isPresent() ? Long.toString(slot.activePid().getAsLong()) : "",
          slot.confirmed(),
          slot.heldBytes().isPresent() ? HumanReadable.bytes(slot.heldBytes().getAsLong()) : "",
          slot.status());
    }
    StringBuilder held = new StringBuilder();
    slots.stream()
        .map(Slot::heldFor)
        .filter(reason -> !reason.isEmpty())
        .forEach(reason -> held.append(reason).append('\n'));
    return table + held.toString() + places(state);
  }

  public static String json(List<Slot> slots) {
    ArrayNode list = Json.list();
    for (Slot slot : slots) {
      ObjectNode object =
          list.addObject()
              .put("name", slot.name())
              .put("database", slot.database())
              .put("plugin", slot.plugin())
              .put("own", slot.own());
      slot.activePid().ifPresent(pid -> object.put("active_pid", pid));
      object.put("confirmed", slot.confirmed());
      slot.heldBytes().ifPresent(bytes -> object.put("held_bytes", bytes));
      object.put("status", slot.status());
      if (!slot.heldFor().isEmpty()) {
        object.put("held_for", slot.heldFor());
      }
    }
    return Json.text(list);
  }

  private static String places(PipelineState state) {
    Map<String, List<String>> places = new LinkedHashMap<>();
    StreamLabels labels = StreamLabels.of(state.streams().keySet());
    for (StreamState stream : state.streams().values()) {
      if (!stream.position().isStart()) {
        places
            .computeIfAbsent(PositionText.of(stream.position()), _ -> new ArrayList<>())
            .add(labels.of(stream.name()));
      }
    }
    StringBuilder text = new StringBuilder();
    places.forEach((place, streams) ->
        text.append(
                streams.size() > FEW
                    ? streams.size() + " streams of this pipeline stand"
                    : String.join(", ", streams) + (streams.size() == 1 ? " stands" : " stand"))
            .append(" at ")
            .append(place)
            .append('\n'));
    return text.toString();
  }
}
