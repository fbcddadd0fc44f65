using System.Text.Json.Serialization;
using Orleans.Pipeline.Cli.Benching;
using Orleans.Pipeline.Cli.DeadLetters;
using Orleans.Pipeline.Cli.Doctor;
using Orleans.Pipeline.Cli.Health;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Lag;
using Orleans.Pipeline.Cli.Pipelines;
using Orleans.Pipeline.Cli.Producing;
using Orleans.Pipeline.Cli.Profiles;
using Orleans.Pipeline.Cli.Topics;

namespace Orleans.Pipeline.Cli;

/// <summary>What the commands write with <c>--json</c>; docs/cli.md shows each.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ErrorJson))]
[JsonSerializable(typeof(TopicJson))]
[JsonSerializable(typeof(TopicListJson))]
[JsonSerializable(typeof(DeletedTopicJson))]
[JsonSerializable(typeof(ProfileJson))]
[JsonSerializable(typeof(ProfileListJson))]
[JsonSerializable(typeof(RemovedProfileJson))]
[JsonSerializable(typeof(ConnectionJson))]
[JsonSerializable(typeof(PipelineListJson))]
[JsonSerializable(typeof(ForgottenJson))]
[JsonSerializable(typeof(PipelineStatus))]
[JsonSerializable(typeof(LagJson))]
[JsonSerializable(typeof(ProduceJson))]
[JsonSerializable(typeof(DeadLetterErrorsJson))]
[JsonSerializable(typeof(SettledJson))]
[JsonSerializable(typeof(DoctorJson))]
[JsonSerializable(typeof(HealthJson))]
[JsonSerializable(typeof(BenchJson))]
internal sealed partial class CliJson : JsonSerializerContext;
