namespace Orleans.Pipeline.Core.Tests.FlowControl;

public sealed class PipelineProfileTests
{
    public static TheoryData<PipelineProfile, string, int, double, int, int, int, double, int> Profiles => new()
    {
        { PipelineProfile.LowLatency, "LowLatency", 64 << 10, 0, 4 << 20, 256 << 10, 256, 0, 1 << 20 },
        { PipelineProfile.Balanced, "Balanced", 256 << 10, 5, 16 << 20, 1 << 20, 2048, 20, 4 << 20 },
        { PipelineProfile.Throughput, "Throughput", 1 << 20, 50, 64 << 20, 4 << 20, 8192, 200, 16 << 20 },
    };

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_profile_sets_all_of_them_together(
        PipelineProfile profile,
        string name,
        int batchBytes,
        double linger,
        int readAheadBytes,
        int readBytes,
        int chunkRecords,
        double commitInterval,
        int commitBytes)
    {
        Assert.Equal((name, name), (profile.Name, profile.ToString()));
        Assert.Equal((batchBytes, readAheadBytes, readBytes), (profile.BatchBytes, profile.ReadAheadBytes, profile.ReadBytes));
        Assert.Equal((chunkRecords, commitBytes, Environment.ProcessorCount), (profile.ChunkRecords, profile.CommitBytes, profile.Workers));
        Assert.Equal((linger, commitInterval), (profile.Linger.TotalMilliseconds, profile.CommitInterval.TotalMilliseconds));
        Assert.Null(profile.Fault());
    }

    [Fact]
    public void Each_setting_can_be_set_alone_and_the_name_stays()
    {
        var profile = PipelineProfile.Throughput with { CommitInterval = TimeSpan.FromSeconds(1) };

        Assert.Equal("Throughput", profile.Name);
        Assert.Equal(PipelineProfile.Throughput.BatchBytes, profile.BatchBytes);
    }
}
