namespace Orleans.Pipeline.Testing.Tests;

/// <summary>A mistake in a test fails with a sentence that names what there is.</summary>
public sealed class MistakeTests : IDisposable
{
    private readonly PipelineTest _test = PipelineTest.For(Checkout.Define);

    public void Dispose() => _test.Dispose();

    [Fact]
    public void A_record_for_a_topic_that_no_stage_reads() => ExpectMistake(
        "Topic 'purchase' is read by no stage. Did you mean 'purchases'? Topics that are read: 'purchases', 'purchases.checked'.",
        () => _test.Send("purchase", "ann", new Purchase("ann", "NL", 1)));

    [Fact]
    public void Bytes_for_a_topic_that_no_stage_reads() => ExpectMistake(
        "Topic 'sales' is read by no stage. Topics that are read: 'purchases', 'purchases.checked'.",
        () => _test.SendBytes("sales", "ann", default));

    [Fact]
    public void A_record_that_does_not_fit_the_type_of_its_stage() => ExpectMistake(
        "Topic 'purchases' cannot be sent a value of type String: stage 'purchases' of pipeline 'checkout' reads Purchase. "
            + "Send that, or send bytes as they are with SendBytes.",
        () => _test.Send("purchases", "ann", "NL"));

    [Fact]
    public void A_partition_that_the_topic_does_not_have() => ExpectMistake(
        "Topic 'purchases' has 4 partitions; partition 4 does not exist.",
        () => _test.Send("purchases", "ann", new Purchase("ann", "NL", 1), partition: 4));

    [Fact]
    public void A_table_that_no_pipeline_writes() => ExpectMistake(
        "No pipeline writes a table 'sale'. Did you mean 'sales'? Tables that are written: 'all_sales', 'sales'.",
        () => _test.Table("sale"));

    [Fact]
    public void A_topic_that_does_not_exist() => ExpectMistake(
        "There is no topic 'purchases.checkd'. Did you mean 'purchases.checked'? "
            + "Topics: 'checkout.dead-letters', 'purchases', 'purchases.checked', 'purchases.done'.",
        () => _test.Topic("purchases.checkd"));

    [Fact]
    public void A_pipeline_that_does_not_exist()
    {
        Assert.Equal(
            "Pipeline 'check' does not exist. Defined here: 'checkout'.",
            Assert.Throws<UnknownPipelineException>(() => _test.DeadLetters("check")).Message);
        Assert.Throws<UnknownPipelineException>(() => _test.Replay("check"));
        Assert.Throws<UnknownPipelineException>(() => _test.Seek("check", SeekTarget.Start));
    }

    [Fact]
    public void A_row_a_column_or_a_type_that_a_table_does_not_have()
    {
        _test.Send("purchases", "ann", new Purchase("ann", "NL", 1));
        var sales = _test.Table("sales");

        ExpectMistake("Table 'sales' has no row with the key 'BE'. Keys in it: 'NL'.", () => sales.Row("BE"));
        ExpectMistake("The key of table 'sales' is 'country', and 2 values were given.", () => sales.Row("NL", 1));
        ExpectMistake("Table 'all_sales' has no key, so that no row can be found by one. Use Rows.", () => _test.Table("all_sales").Row("ann"));
        ExpectMistake("Table 'sales' has no column 'cent'. Did you mean 'cents'? Its columns: 'cents', 'country'.", () => sales.Rows[0].Get<long>("cent"));
        ExpectMistake("Column 'cents' of table 'sales' is Integer '1', and was asked for as String.", () => sales.Rows[0].Get<string>("cents"));
    }

    [Fact]
    public void A_record_read_as_another_type_than_the_pipelines_write()
    {
        _test.Send("purchases", "ann", new Purchase("ann", "NL", 1));

        ExpectMistake(
            "The values of topic 'purchases.done' cannot be read as Int64: the pipelines read and write Purchase.",
            () => _test.Topic("purchases.done").Records[0].As<long>());
    }

    [Fact]
    public void A_clock_that_would_go_back() => ExpectMistake(
        "The clock is at 2000-01-01T00:00:00.0000000+00:00 and cannot go back to 1999-12-31T00:00:00.0000000+00:00.",
        () => _test.AdvanceBy(TimeSpan.FromDays(-1)));

    [Fact]
    public void A_run_that_does_not_exist() => Assert.StartsWith(
        "There is no run 0: the test has runs 1 to ",
        Assert.Throws<PipelineTestException>(() => _test.Crashing(test => test.AdvanceBy(TimeSpan.Zero), run: 0)).Message,
        StringComparison.Ordinal);

    private static void ExpectMistake(string sentence, Action mistake) =>
        Assert.Equal(sentence, Assert.Throws<PipelineTestException>(mistake).Message);
}
