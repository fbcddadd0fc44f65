using System.IO.Compression;
using System.Text;
using Orleans.Pipeline.Records;

namespace Orleans.Pipeline.Core.Tests.Records;

/// <summary>Gzip data of lines, whole, cut off and followed by something else.</summary>
public sealed class WholeGzipStreamTests
{
    private static readonly string Text = string.Concat(Enumerable.Range(1, 200).Select(number => $"line {number}\n"));

    public static TheoryData<int> ReadSizes => [1, 7, 100, 1 << 20];

    [Theory]
    [MemberData(nameof(ReadSizes))]
    public async Task Whole_data_is_unpacked_and_ends(int size)
    {
        Assert.Equal((Text, null), await UnpackAsync(Gzip(Text), size));
        Assert.Equal(("", null), await UnpackAsync(Gzip(""), size));
        Assert.Equal(("", null), await UnpackAsync([], size));
        Assert.Equal((Text + "more", null), await UnpackAsync([.. Gzip(Text), .. Gzip(""), .. Gzip("more")], size));
    }

    [Theory]
    [MemberData(nameof(ReadSizes))]
    public async Task Data_that_is_cut_off_anywhere_is_an_error_after_what_came_before_the_cut(int size)
    {
        var whole = Gzip(Text);
        for (var cut = 1; cut < whole.Length; cut++)
        {
            var (text, error) = await UnpackAsync(whole[..cut], size);

            Assert.Equal("its gzip data is cut off.", error);
            Assert.StartsWith(text, Text, StringComparison.Ordinal);
            Assert.True(text == Text || cut < whole.Length - 8, $"{cut} of {whole.Length} bytes unpack to {text.Length} characters.");
            Assert.Equal((Text + text, error), await UnpackAsync([.. whole, .. whole[..cut]], size));
        }
    }

    [Theory]
    [MemberData(nameof(ReadSizes))]
    public async Task Other_bytes_behind_a_member_are_an_error_after_what_it_holds(int size)
    {
        byte[][] others = [[0], [1, 2, 3], new byte[70_000], "line 201\n"u8.ToArray()];
        foreach (var other in others)
        {
            Assert.Equal((Text, "other bytes follow its gzip data."), await UnpackAsync([.. Gzip(Text), .. other], size));
        }
    }

    [Fact]
    public async Task Damaged_data_never_ends_as_if_it_were_whole()
    {
        var whole = Gzip(Text);
        for (var position = 10; position < whole.Length; position++)
        {
            whole[position] ^= 0x55;
            Assert.NotNull((await UnpackAsync(whole, 1 << 20)).Error);
            whole[position] ^= 0x55;
        }
    }

    private static async Task<(string Text, string? Error)> UnpackAsync(byte[] packed, int size)
    {
        await using var unpacking = new WholeGzipStream(new Slices(packed, size));
        var unpacked = new MemoryStream();
        var buffer = new byte[size];
        try
        {
            while (await unpacking.ReadAsync(buffer) is var read and > 0)
            {
                unpacked.Write(buffer, 0, read);
            }

            Assert.Equal(0, await unpacking.ReadAsync(buffer));
            return (Encoding.UTF8.GetString(unpacked.ToArray()), null);
        }
        catch (InvalidDataException error)
        {
            return (Encoding.UTF8.GetString(unpacked.ToArray()), error.Message);
        }
    }

    private static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return text.Length > 0 ? packed.ToArray() : [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    }

    /// <summary>Bytes that come so many at a time, as from a pipe.</summary>
    private sealed class Slices(byte[] bytes, int size) : ForwardStream
    {
        private int _position;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = Math.Min(Math.Min(buffer.Length, size), bytes.Length - _position);
            bytes.AsMemory(_position, count).CopyTo(buffer);
            _position += count;
            return new(count);
        }
    }
}
