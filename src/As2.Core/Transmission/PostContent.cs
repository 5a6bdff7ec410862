using System.Buffers;
using System.Net;

namespace As2.Transmission;

/// <summary>The body of a post, whose deadline begins anew with every block that goes out. For one post.</summary>
/// <param name="body">The body; whoever opened it disposes it.</param>
/// <param name="length">Its length; null: it goes in chunks.</param>
/// <param name="deadline">Of the post.</param>
internal sealed class PostContent(Stream body, long? length, PostDeadline deadline) : HttpContent
{
    private const int BlockBytes = 64 << 10;

    protected override bool TryComputeLength(out long known)
    {
        known = length ?? 0;
        return length is not null;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            int read;
            while ((read = await body.ReadAsync(block, cancellationToken).ConfigureAwait(false)) > 0)
            {
                deadline.Sending(read);
                await stream.WriteAsync(block.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }
            deadline.Sending(0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
