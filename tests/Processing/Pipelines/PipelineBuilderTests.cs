using System.Text.Json;

namespace Orleans.Pipeline.Processing.Tests.Pipelines;

public sealed class PipelineBuilderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("Orders")]
    [InlineData("-orders")]
    [InlineData("or ders")]
    [InlineData("orders\n")]
    [InlineData("../orders")]
    [InlineData("a2345678901234567890123456789012345678901234567890123456789012345")]
    public void A_pipeline_needs_a_valid_name(string name) =>
        Assert.Contains("its name must be 1 to 64 lower-case letters", Fault(name, Complete));

    [Fact]
    public void A_second_pipeline_of_a_name_is_refused()
    {
        var catalog = new PipelineCatalog().Add("orders", Complete);

        var refused = Assert.Throws<InvalidPipelineException>(() => catalog.Add("orders", Complete));

        Assert.Equal(
            "Pipeline 'orders' is invalid: there is a pipeline of that name already; give each its own.", refused.Message);
    }

    [Fact]
    public void A_refused_pipeline_is_not_added()
    {
        var catalog = new PipelineCatalog();

        Assert.Throws<InvalidPipelineException>(() => catalog.Add("orders", _ => { }));

        Assert.Empty(catalog.Pipelines);
    }

    [Fact]
    public void A_pipeline_needs_a_source() => Assert.Contains("it has no source. Begin with From(\"topic\").", Fault(_ => { }));

    [Fact]
    public void A_stage_needs_a_sink() => Assert.Contains("stage 'in': it has no sink", Fault(pipeline => pipeline.From("in")));

    [Fact]
    public void Every_branch_needs_an_end() => Assert.Contains("stage 'in': a branch of it ends in a step", Fault(pipeline =>
    {
        var stage = pipeline.From("in");
        stage.To(Sink.Topic("out"));
        stage.Where(value => value.Length > 0);
    }));

    [Theory]
    [InlineData("Orders")]
    [InlineData("")]
    [InlineData(null)]
    public void A_source_needs_a_valid_topic_name(string? topic) =>
        Assert.Contains($"'{topic}'", Fault(pipeline => pipeline.From(topic!).To(Sink.Topic("out"))));

    [Theory]
    [InlineData("../../etc")]
    [InlineData("")]
    [InlineData("Stage")]
    public void A_stage_needs_a_valid_name(string stage) =>
        Assert.Contains($"'{stage}' is not a stage name", Fault(pipeline => pipeline.From("in", stage: stage).To(Sink.Topic("out"))));

    [Theory]
    [InlineData(0)]
    [InlineData(1025)]
    public void A_source_has_1_to_1024_partitions(int partitions) =>
        Assert.Contains(
            $"topic 'in' cannot have {partitions} partitions", Fault(pipeline => pipeline.From("in", partitions).To(Sink.Topic("out"))));

    [Theory]
    [InlineData(0)]
    [InlineData(1025)]
    public void An_output_topic_has_1_to_1024_partitions(int partitions) =>
        Assert.Contains(
            $"output topic 'out' cannot have {partitions} partitions",
            Fault(pipeline => pipeline.From("in").To(Sink.Topic("out", partitions))));

    [Fact]
    public void An_output_topic_needs_a_valid_name() =>
        Assert.Contains(
            "its output has no valid name: 'Out' is not a topic name: it starts with 'O'",
            Fault(pipeline => pipeline.From("in").To(Sink.Topic("Out"))));

    [Fact]
    public void Two_stages_of_a_name_are_refused() => Assert.Contains("two stages are named 'in'", Fault(pipeline =>
    {
        pipeline.From("in").To(Sink.Topic("one"));
        pipeline.From("in").To(Sink.Topic("two"));
    }));

    [Fact]
    public void One_topic_may_feed_two_stages()
    {
        var catalog = new PipelineCatalog().Add("orders", pipeline =>
        {
            pipeline.From("in").To(Sink.Topic("one"));
            pipeline.From("in", stage: "second").To(Sink.Topic("two"));
        });

        Assert.Equal(["in", "second"], catalog.Find("orders")!.Stages.Select(stage => stage.Name));
    }

    [Fact]
    public void A_stage_that_writes_to_its_source_is_refused() =>
        Assert.Contains("stage 'in' writes to the topic it reads, 'in'", Fault(pipeline => pipeline.From("in").To(Sink.Topic("in"))));

    [Fact]
    public void Stages_that_feed_each_other_in_a_circle_are_refused() =>
        Assert.Contains("comes back through other stages to the topic it reads, 'a'", Fault(pipeline =>
        {
            pipeline.From("a").Through("b").Through("c").To(Sink.Topic("a"));
        }));

    [Fact]
    public void A_stage_that_reads_its_pipelines_dead_letters_is_refused() =>
        Assert.Contains(
            "reads the pipeline's own dead letters", Fault(pipeline => pipeline.From("tested.dead-letters").To(Sink.Topic("out"))));

    [Theory]
    [InlineData("Orders", "its name must be 1 to 63 lower-case letters, digits or '_'")]
    [InlineData("orders\n", "its name must be")]
    [InlineData("1orders", "start with a letter")]
    [InlineData("pipeline_orders", "and not with 'pipeline_', 'sqlite_' or 'pg_'")]
    [InlineData("sqlite_orders", "and not with 'pipeline_', 'sqlite_' or 'pg_'")]
    [InlineData("pg_orders", "and not with 'pipeline_', 'sqlite_' or 'pg_'")]
    public void A_table_needs_a_valid_name(string name, string fault) =>
        Assert.Contains(fault, TableFault(Table.Insert<int>(name).Column("n", value => value)));

    [Fact]
    public void A_column_needs_a_valid_name() =>
        Assert.Contains("table 't': the column name 'A b' must be", TableFault(Table.Insert<int>("t").Column("A b", value => value)));

    [Fact]
    public void Two_columns_of_a_name_are_refused() =>
        Assert.Contains(
            "two columns are named 'n'", TableFault(Table.Insert<int>("t").Column("n", value => value).Column("n", value => value)));

    [Fact]
    public void A_growing_table_has_no_key() =>
        Assert.Contains(
            "a table that only grows has no key", TableFault(Table.Insert<int>("t").Key("k", value => value).Column("n", value => value)));

    [Fact]
    public void A_growing_table_has_a_column() => Assert.Contains("it has no column", TableFault(Table.Insert<int>("t")));

    [Fact]
    public void A_replacing_table_has_a_key() =>
        Assert.Contains("it has no key", TableFault(Table.Upsert<int>("t").Column("n", value => value)));

    [Fact]
    public void A_table_that_adds_up_has_a_sum() =>
        Assert.Contains("it has no sum", TableFault(Table.Add<int>("t").Key("k", value => value)));

    [Fact]
    public void A_table_that_adds_up_has_no_plain_column() => Assert.Contains(
        "it adds up, so 'n' cannot be a column; use Sum('n', …)",
        TableFault(Table.Add<int>("t").Key("k", value => value).Column("n", value => value)));

    [Fact]
    public void A_table_that_replaces_has_no_sum() => Assert.Contains(
        "it does not add up, so 'n' cannot be a sum; use Column('n', …)",
        TableFault(Table.Upsert<int>("t").Key("k", value => value).Sum("n", value => value)));

    [Fact]
    public void A_table_is_defined_alike_wherever_it_is_written()
    {
        var catalog = new PipelineCatalog().Add(
            "one", pipeline => Numbers(pipeline).To(Table.Insert<int>("t").Column("n", value => value)));

        var refused = Assert.Throws<InvalidPipelineException>(
            () => catalog.Add("two", pipeline => Numbers(pipeline).To(Table.Insert<int>("t").Column("m", value => value))));

        Assert.Contains("table 't' is written with different columns or modes", refused.Message);
        Assert.Null(catalog.Find("two"));
    }

    [Fact]
    public void Two_pipelines_may_write_one_table_alike() => new PipelineCatalog()
        .Add("one", pipeline => Numbers(pipeline).To(Table.Insert<int>("t").Column("n", value => value)))
        .Add("two", pipeline => Numbers(pipeline).To(Table.Insert<int>("t").Column("n", value => value)));

    [Fact]
    public void A_topic_has_one_number_of_partitions_wherever_it_is_given()
    {
        var catalog = new PipelineCatalog().Add("one", pipeline => pipeline.From("in").To(Sink.Topic("middle", partitions: 4)));

        var refused = Assert.Throws<InvalidPipelineException>(
            () => catalog.Add("two", pipeline => pipeline.From("middle", partitions: 8).To(Sink.Topic("out"))));

        Assert.Contains("topic 'middle' is given 4 and 8 partitions. Give it one number, once or everywhere.", refused.Message);
        catalog.Add("three", pipeline => pipeline.From("middle", partitions: 4, stage: "again").To(Sink.Topic("out")));
    }

    [Fact]
    public void Streams_feed_a_topic_named_after_their_provider_and_namespace()
    {
        var stage = new PipelineCatalog()
            .Add("watch", pipeline => pipeline.FromStream<int>("Events", "Temperatures").To(Sink.Topic("out")))
            .Find("watch")!.Stages[0];
        Assert.Equal(("events.temperatures", "Events/Temperatures"), (stage.Source.Value, stage.Stream?.ToString()));
    }

    [Fact]
    public void Streams_whose_names_make_no_topic_name_need_one() =>
        Assert.Contains(
            "Give one: FromStream(…, topic: \"…\")",
            Fault(pipeline => pipeline.FromStream<int>("events", "temp ratures").To(Sink.Topic("out"))));

    [Theory]
    [InlineData("", "temperatures")]
    [InlineData("events", " ")]
    public void Streams_have_a_provider_and_a_namespace(string provider, string streamNamespace) =>
        Assert.Contains(
            "neither may be empty",
            Fault(pipeline => pipeline.FromStream<int>(provider, streamNamespace, topic: "in").To(Sink.Topic("out"))));

    [Fact]
    public void Streams_are_read_alike_wherever_they_are_read()
    {
        var catalog = new PipelineCatalog().Add(
            "one", pipeline => pipeline.FromStream<int>("events", "temperatures").To(Sink.Topic("out")));

        var refused = Assert.Throws<InvalidPipelineException>(
            () => catalog.Add("two", pipeline => pipeline.FromStream<long>("events", "temperatures").To(Sink.Topic("out"))));

        Assert.Contains(
            "the streams 'events/temperatures' feed topic 'events.temperatures' with 'Int32' and topic 'events.temperatures' with 'Int64'",
            refused.Message);
        catalog.Add("three", pipeline => pipeline.FromStream<int>("events", "temperatures").To(Sink.Topic("out")));
    }

    [Fact]
    public void A_file_sink_needs_a_directory() =>
        Assert.Contains("its JSON-lines sink has no directory", Fault(pipeline => pipeline.From("in").To(Sink.JsonLines(" "))));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void An_asynchronous_step_has_a_concurrency_of_1_or_more(int concurrency) =>
        Assert.Contains($"an asynchronous step has concurrency {concurrency}", Fault(pipeline =>
            pipeline.From("in").MapAsync((value, _, _) => ValueTask.FromResult(value), concurrency).To(Sink.Topic("out"))));

    [Fact]
    public void Values_without_a_JSON_contract_are_refused() =>
        Assert.Contains("stage 'in': values of type 'Guid' have no JSON contract. Give a serializer", Assert.Throws<InvalidPipelineException>(
            () => new PipelineCatalog().UseJson(new JsonSerializerOptions { TypeInfoResolver = TestJson.Default })
                .Add("tested", pipeline => pipeline.From("in").Map(_ => Guid.Empty).To(Sink.Topic("out")))).Message);

    public static TheoryData<string, RetrySettings> BadRetries => new()
    {
        { "Attempts is 0; give 1 or more.", new RetrySettings { Attempts = 0 } },
        { "Delay is -00:00:01; give zero to one day.", new RetrySettings { Delay = TimeSpan.FromSeconds(-1) } },
        { "MaximumDelay is 00:00:01; give 00:00:02, which is the delay, to one day.", new RetrySettings { Delay = TimeSpan.FromSeconds(2), MaximumDelay = TimeSpan.FromSeconds(1) } },
        { "MaximumDelay is 2.00:00:00", new RetrySettings { MaximumDelay = TimeSpan.FromDays(2) } },
        { "Delay is 2.00:00:00", new RetrySettings { Delay = TimeSpan.FromDays(2), MaximumDelay = TimeSpan.FromDays(2) } },
    };

    [Theory]
    [MemberData(nameof(BadRetries))]
    public void Retry_settings_out_of_range_are_refused(string named, RetrySettings retry)
    {
        var fault = Fault(pipeline => Complete(pipeline.Retry(retry)));

        Assert.Contains($"its retry settings are out of range: {named}", fault);
    }

    public static TheoryData<PipelineProfile, string> BadProfiles => new()
    {
        { PipelineProfile.Balanced with { BatchBytes = 0 }, "BatchBytes is 0; give 1 or more." },
        { PipelineProfile.Balanced with { ReadAheadBytes = 0 }, "ReadAheadBytes is 0" },
        { PipelineProfile.Balanced with { ReadBytes = -1 }, "ReadBytes is -1" },
        { PipelineProfile.Balanced with { ChunkRecords = 0 }, "ChunkRecords is 0" },
        { PipelineProfile.Balanced with { CommitBytes = 0 }, "CommitBytes is 0" },
        { PipelineProfile.Balanced with { Workers = 0 }, "Workers is 0" },
        { PipelineProfile.Balanced with { Linger = TimeSpan.FromTicks(-1) }, "Linger is -00:00:00.0000001; give zero to one day." },
        { PipelineProfile.Balanced with { CommitInterval = TimeSpan.MaxValue }, "CommitInterval is" },
        { PipelineProfile.Balanced with { CommitInterval = TimeSpan.FromTicks(-1) }, "CommitInterval is" },
    };

    [Theory]
    [MemberData(nameof(BadProfiles))]
    public void A_profile_out_of_range_is_refused(PipelineProfile profile, string named) =>
        Assert.Contains($"its profile is out of range: {named}", Fault(pipeline => Complete(pipeline.Profile(profile))));

    private static void Complete(PipelineBuilder pipeline) => pipeline.From("in").To(Sink.Topic("out"));

    private static StageBuilder<int> Numbers(PipelineBuilder pipeline) => pipeline.From("in").Map(value => value.Length);

    private static string TableFault(TableSink<int> table) => Fault(pipeline => Numbers(pipeline).To(table));

    private static string Fault(Action<PipelineBuilder> define) => Fault("tested", define);

    private static string Fault(string name, Action<PipelineBuilder> define)
    {
        var refused = Assert.Throws<InvalidPipelineException>(() => new PipelineCatalog().Add(name, define));
        Assert.StartsWith($"Pipeline '{name}' is invalid: ", refused.Message);
        return refused.Message;
    }
}
