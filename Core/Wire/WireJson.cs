using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orleans.Pipeline.Wire;

/// <summary>Reads and writes the bodies of the HTTP API as JSON. A record's value may be nested as deeply as it likes.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = int.MaxValue)]
[JsonSerializable(typeof(TopicBody))]
[JsonSerializable(typeof(TopicDetailBody))]
[JsonSerializable(typeof(TopicListBody))]
[JsonSerializable(typeof(TopicSettingsBody))]
[JsonSerializable(typeof(TopicChangeBody))]
[JsonSerializable(typeof(OpenProducerBody))]
[JsonSerializable(typeof(ProducerBody))]
[JsonSerializable(typeof(ProducerProgressBody))]
[JsonSerializable(typeof(AppendedBatchBody))]
[JsonSerializable(typeof(AppendedRecordsBody))]
[JsonSerializable(typeof(RecordsBody))]
[JsonSerializable(typeof(ReadRecordsBody))]
[JsonSerializable(typeof(ReadsBody))]
[JsonSerializable(typeof(ReadsAnswerBody))]
[JsonSerializable(typeof(OffsetBody))]
[JsonSerializable(typeof(PipelineListBody))]
[JsonSerializable(typeof(NodeListBody))]
[JsonSerializable(typeof(SeekBody))]
[JsonSerializable(typeof(ForgetBody))]
[JsonSerializable(typeof(ForgottenBody))]
[JsonSerializable(typeof(DeadLetterPageBody))]
[JsonSerializable(typeof(DeadLetterBody))]
[JsonSerializable(typeof(DeadLetterErrorsBody))]
[JsonSerializable(typeof(DeadLetterSelectionBody))]
[JsonSerializable(typeof(SettledBody))]
[JsonSerializable(typeof(ServerBody))]
[JsonSerializable(typeof(LiveBody))]
[JsonSerializable(typeof(ReadyBody))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class WireJson : JsonSerializerContext
{
    /// <summary>The same with readable text. An answer is JSON and never part of a page, so text needs no escapes for HTML.</summary>
    public static WireJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
