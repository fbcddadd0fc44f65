using System.Globalization;
using System.Text;

namespace Orleans.Pipeline.Core.Tests.Records;

public sealed class KeyPartitionerTests
{
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    [InlineData("", 275646681)]
    public void The_hash_is_that_of_Kafkas_published_vectors(string key, int hash) => // org.apache.kafka.common.utils.UtilsTest
        Assert.Equal(hash, (int)KeyPartitioner.Hash(Encoding.UTF8.GetBytes(key)));

    [Fact]
    public void Keys_land_on_the_partitions_that_librdkafka_chose()
    {
        var lines = Captured.Lines("murmur2-12-partitions.tsv");

        Assert.Equal(117, lines.Count);
        Assert.All(lines, line =>
        {
            var (partition, key) = (line.Split('\t')[0], line.Split('\t')[1]);
            Assert.Equal(int.Parse(partition, CultureInfo.InvariantCulture), KeyPartitioner.PartitionOf(Encoding.UTF8.GetBytes(key), 12));
        });
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1024, 958)]
    [InlineData(int.MaxValue, 1357151166)]
    public void A_negative_hash_gives_a_partition_from_0_on(int partitions, int expected) =>
        // "foobar": -790332482 & 0x7fffffff = 1357151166
        Assert.Equal(expected, KeyPartitioner.PartitionOf("foobar"u8, partitions));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_topic_without_partitions_is_refused(int partitions) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => KeyPartitioner.PartitionOf("key"u8, partitions));
}
